// The page is whole only when its scripts have run: one more request.
const list = document.getElementById('latest');
const answer = await fetch('latest.json').catch(() => null);
for (const title of (await answer?.json()) ?? []) {
  const item = document.createElement('li');
  item.textContent = title;
  list?.append(item);
}
