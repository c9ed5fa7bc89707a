// Invokes a function again with an event of the list, then shows the list anew.
for (const time of document.querySelectorAll("time[datetime]")) {
  time.title = time.dateTime;
  time.textContent = new Date(time.dateTime).toLocaleString();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-replay]");
  if (!button) return;
  button.disabled = true;
  const body = JSON.stringify({ number: Number(button.dataset.replay) });
  await fetch("/_poolhouse/triggers/replay", { method: "POST", body });
  location.reload();
});
