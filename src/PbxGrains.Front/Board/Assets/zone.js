// Tells the server the browser's time zone, for dates and days. A page that was rendered before it was known comes again, once.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const cookie = `pbxgrains-zone=${zone}`;

if (zone && !document.cookie.split('; ').includes(cookie)) {
  document.cookie = `${cookie}; Path=/; SameSite=Strict; Max-Age=31536000${location.protocol === 'https:' ? '; Secure' : ''}`;
  const used = document.querySelector('[data-zone]')?.dataset.zone;
  if (used && used !== zone && document.cookie.split('; ').includes(cookie)) location.reload();
}
