const finder = document.getElementById("finder");
if (finder) {
  const rows = [...document.querySelectorAll("#findings tbody tr")];
  const [file, gravity, words] = ["file", "gravity", "words"].map((id) => document.getElementById(id));
  const isIn = (row) => !file.value || [...row.querySelectorAll("[data-file]")].some((place) => place.dataset.file === file.value);
  const isAs = (row) => row.cells[0].textContent.endsWith(gravity.value);
  const says = (row) => row.textContent.toLowerCase().includes(words.value.trim().toLowerCase());
  const narrow = () => {
    for (const row of rows) row.hidden = !(isIn(row) && isAs(row) && says(row));
    const left = rows.filter((row) => !row.hidden).length;
    document.getElementById("found").textContent = left === 1 ? "1 kind of finding" : `${left} kinds of finding`;
  };
  finder.hidden = false;
  finder.addEventListener("input", narrow);
}
