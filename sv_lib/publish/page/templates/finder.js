const finder = document.getElementById("finder");
if (finder) {
  const rows = [...document.querySelectorAll("#wards tbody tr")];
  const found = document.getElementById("found");
  const plain = (text) => text.toLowerCase().replaceAll("&", "and").replace(/[^a-z0-9]+/g, " ").trim();
  const packed = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const name = (row) => row.cells[0].textContent;
  const wards = new Map();
  for (const list of document.querySelectorAll("#postcodes dd")) {
    const ward = list.previousElementSibling.textContent;
    for (const postcode of list.textContent.split(",")) wards.set(packed(postcode), ward);
  }
  const matches = (typed) => {
    const named = rows.filter((row) => plain(name(row)).includes(plain(typed)));
    if (named.length > 0) return named;
    const ward = wards.get(packed(typed));
    return rows.filter((row) => name(row) === ward);
  };
  const input = finder.querySelector("input");
  finder.hidden = false;
  input.addEventListener("input", () => {
    const left = matches(input.value);
    for (const row of rows) row.hidden = !left.includes(row);
    found.textContent = left.length === 1 ? `${name(left[0])}: press Enter to open its report` : `${left.length} wards`;
  });
  input.addEventListener("keydown", (event) => {
    const left = matches(input.value);
    if (event.key === "Enter" && input.value.trim() && left.length > 0) left[0].querySelector("a").click();
  });
}
