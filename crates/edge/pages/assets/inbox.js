// Keeps the list fresh by server-sent events and copies codes. Without it the page is the same after a reload.
const shown = () => document.querySelector("main");

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  shown().replaceWith(page.querySelector("main"));
  localTimes();
}

function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    time.title = time.dateTime;
    time.textContent = new Date(time.dateTime).toLocaleString();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
});

const arrivals = new EventSource("/_poolhouse/inbox/events");
arrivals.onmessage = refresh;
arrivals.addEventListener("again", refresh);
localTimes();
