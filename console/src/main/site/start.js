// The local system answers only to these names, and a deployed one never has them.
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

async function showThisMachine() {
  const token = `${location.origin}/local/token?user=alice`
  document.getElementById('command').textContent =
    `TOKEN=$(curl -s "${token}")\ncurl -i -H "Authorization: Bearer $TOKEN" ${location.origin}/v1/user/devices`
  document.getElementById('here').hidden = false
  document.getElementById('deployed').hidden = true
  const folders = await (await fetch('/local/folders')).json()
  document.getElementById('data').textContent = folders.data
  document.getElementById('logs').textContent = folders.logs
}

if (LOOPBACK.includes(location.hostname)) {
  showThisMachine()
}
