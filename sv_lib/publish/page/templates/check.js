const finder = document.getElementById("finder");
if (finder) {
  const rows = [...document.querySelectorAll("#findings tbody tr")];
  finder.hidden = false;
  finder.querySelector("input").addEventListener("input", (event) => {
    const part = event.target.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(part);
    const left = rows.filter((row) => !row.hidden).length;
    document.getElementById("found").textContent = left === 1 ? "1 kind of finding" : `${left} kinds of finding`;
  });
}
