const menu = document.getElementById('menu');
for (const link of menu?.querySelectorAll('a') ?? []) {
  if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
}
