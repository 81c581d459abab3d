// Shows where this page came from: the edge says so in its response headers.
async function show() {
  const page = await fetch(location.href, { method: 'HEAD' });
  document.getElementById('pop').textContent = page.headers.get('x-amz-cf-pop') ?? 'unknown';
  document.getElementById('cache').textContent = page.headers.get('x-cache') ?? 'unknown';
  const time = await (await fetch('/api/time')).json();
  document.getElementById('time').textContent = time.time;
}
show().catch((reason) => console.error(reason));
