// Zips of packages for Node and browsers. `run` calls this in the folder of contents.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import * as zipjs from '@zip.js/zip.js'
import AdmZip from 'adm-zip'
import * as archiver from 'archiver'
import { downloadZip } from 'client-zip'
import crossZip from 'cross-zip'
import * as fflate from 'fflate'
import JSZip from 'jszip'
import yazl from 'yazl'
import ZipStream from 'zip-stream'

const made = process.argv[2]
const versions = createRequire(import.meta.url)('./package.json').dependencies
const date = new Date('2026-01-01T00:00:00Z')
const text = fs.readFileSync('logs/app.log')
const name = 'app.log'
const stream = () => Readable.from([text.subarray(0, 50), text.subarray(50)])
const webStream = () => new Blob([text]).stream()

function target (library, form, folder = 'sound') {
  const file = `${made}/${folder}/${library.replace(/@.*\//, '').replace('.', '')}-${versions[library]}-${form}.zip`
  fs.mkdirSync(path.dirname(file), { recursive: true })
  return file
}

async function save (library, form, content, folder) {
  try {
    fs.writeFileSync(target(library, form, folder), await content())
  } catch (e) {
    console.log(`failed ${library} ${form}: ${e.stack}`)
  }
}

// archiver and zip-stream
async function archive (options, fill) {
  const zip = new archiver.ZipArchive(options)
  const content = buffer(zip)
  fill(zip)
  await zip.finalize()
  return content
}
await save('archiver', 'buffer', () => archive({}, zip => zip.append(text, { name, date })))
await save('archiver', 'stream', () => archive({}, zip => zip.append(stream(), { name, date })))
await save('archiver', 'best', () => archive({ zlib: { level: 9 } }, zip => zip.append(text, { name, date })))
await save('archiver', 'stored', () => archive({ store: true }, zip => zip.append(text, { name, date })))
await save('archiver', 'stored-stream', () => archive({ store: true }, zip => zip.append(stream(), { name, date })))
await save('archiver', 'file', () => archive({}, zip => zip.file('logs/app.log', { name })))
await save('archiver', 'directory', () => archive({}, zip => zip.directory('logs/', 'logs', { date })))
await save('archiver', 'comment', () => archive({ comment: 'from device 7' }, zip => zip.append(text, { name, date })))
await save('archiver', 'zip64-forced', () => archive({ forceZip64: true }, zip => zip.append(text, { name, date })), 'honest-refused/zip64')
await save('archiver', 'symlink', () => archive({}, zip => zip.symlink('current', 'logs/app.log')), 'honest-refused/link-or-device')
const linked = fs.mkdtempSync('linked-')
fs.writeFileSync(`${linked}/app.log`, text)
fs.symlinkSync('app.log', `${linked}/current`)
await save('archiver', 'directory-with-a-link', () => archive({}, zip => zip.directory(linked, 'logs', { date })), 'honest-refused/link-or-device')
await save('archiver', 'glob-that-follows-a-link', () => archive({}, zip => zip.glob('**', { cwd: linked, follow: true }, { date })))
fs.rmSync(linked, { recursive: true })
await save('zip-stream', 'entry', async () => {
  const zip = new ZipStream()
  const content = buffer(zip)
  await new Promise((resolve, reject) => zip.entry(text, { name, date }, e => e ? reject(e) : resolve()))
  zip.finish()
  return content
})

// yazl
async function yazlZip (fill, options) {
  const zip = new yazl.ZipFile()
  fill(zip)
  zip.end(options)
  return buffer(zip.outputStream)
}
await save('yazl', 'file', () => yazlZip(zip => zip.addFile('logs/app.log', name, { mtime: date })))
await save('yazl', 'buffer', () => yazlZip(zip => zip.addBuffer(text, name, { mtime: date })))
await save('yazl', 'stored', () => yazlZip(zip => zip.addBuffer(text, name, { mtime: date, compress: false })))
await save('yazl', 'stream', () => yazlZip(zip => zip.addReadStream(stream(), name, { mtime: date })))
await save('yazl', 'stored-stream', () => yazlZip(zip => zip.addReadStream(stream(), name, { mtime: date, compress: false })))
await save('yazl', 'folder', () => yazlZip(zip => zip.addEmptyDirectory('sub/', { mtime: date })))
await save('yazl', 'dos-time', () => yazlZip(zip => zip.addBuffer(text, name, { mtime: date, forceDosTimestamp: true })))
await save('yazl', 'zip64-forced', () => yazlZip(zip => zip.addBuffer(text, name, { mtime: date, forceZip64Format: true })), 'honest-refused/zip64')
await save('yazl', 'zip64-forced-at-the-end', () => yazlZip(zip => zip.addBuffer(text, name, { mtime: date }), { forceZip64Format: true }), 'honest-refused/zip64')

// JSZip
function jszip (options) {
  const zip = new JSZip()
  zip.file('logs/app.log', text, { date })
  zip.file('logs/Größe 日志.txt', 'Temperatur zu groß: 91 °C\n', { date })
  return zip.generateAsync({ type: 'nodebuffer', ...options })
}
await save('jszip', 'stored', () => jszip({}))
await save('jszip', 'deflated', () => jszip({ compression: 'DEFLATE' }))
await save('jszip', 'stream-files', () => jszip({ compression: 'DEFLATE', streamFiles: true }))
await save('jszip', 'stored-stream-files', () => jszip({ streamFiles: true }))
await save('jszip', 'unix', () => jszip({ compression: 'DEFLATE', platform: 'UNIX' }))
await save('jszip', 'comment', () => jszip({ comment: 'from device 7' }))
await save('jszip', 'from-stream', () => new JSZip().file(name, stream(), { date }).generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' }))
await save('jszip', 'node-stream', () => buffer(new Readable().wrap(new JSZip().file(name, text, { date }).generateNodeStream({ streamFiles: true }))))

// fflate
async function fflateStream (Entry, options) {
  const chunks = []
  return new Promise((resolve, reject) => {
    const zip = new fflate.Zip((error, chunk, last) => {
      if (error) return reject(error)
      chunks.push(chunk)
      if (last) resolve(Buffer.concat(chunks))
    })
    const entry = new Entry(name, options)
    entry.mtime = date
    zip.add(entry)
    entry.push(text.subarray(0, 50))
    entry.push(text.subarray(50), true)
    zip.end()
  })
}
await save('fflate', 'sync', () => fflate.zipSync({ logs: { 'app.log': text, 'Größe 日志.txt': text } }, { mtime: date }))
await save('fflate', 'sync-stored', () => fflate.zipSync({ [name]: text }, { level: 0, mtime: date }))
await save('fflate', 'async', () => new Promise((resolve, reject) =>
  fflate.zip({ [name]: text }, { mtime: date }, (error, content) => error ? reject(error) : resolve(content))))
await save('fflate', 'stream', () => fflateStream(fflate.ZipDeflate))
await save('fflate', 'stream-async', () => fflateStream(fflate.AsyncZipDeflate))
await save('fflate', 'stream-stored', () => fflateStream(fflate.ZipPassThrough))

// adm-zip
function adm (fill) {
  const zip = new AdmZip()
  fill(zip)
  for (const entry of zip.getEntries()) entry.header.time = date
  return zip.toBuffer()
}
await save('adm-zip', 'file', () => adm(zip => zip.addFile(name, text)))
await save('adm-zip', 'local-file', () => adm(zip => zip.addLocalFile('logs/app.log')))
await save('adm-zip', 'local-folder', () => adm(zip => zip.addLocalFolder('logs', 'logs')))
await save('adm-zip', 'comment', () => adm(zip => { zip.addFile(name, text); zip.addZipComment('from device 7') }))

// client-zip
const response = file => downloadZip([file]).arrayBuffer().then(Buffer.from)
await save('client-zip', 'buffer', () => response({ name, lastModified: date, input: text }))
await save('client-zip', 'stream', () => response({ name, lastModified: date, input: webStream() }))
await save('client-zip', 'folder', () => response({ name: 'sub/', lastModified: date }))

// cross-zip calls zip
crossZip.zipSync('logs', target('cross-zip', 'folder'))

// zip.js
zipjs.configure({ useWebWorkers: false })
async function zipJs (reader, options, folder) {
  const zip = new zipjs.ZipWriter(new zipjs.Uint8ArrayWriter(), { lastModDate: date })
  await zip.add(name, reader(), options)
  return zip.close()
}
const array = () => new zipjs.Uint8ArrayReader(text)
const zipJsForms = {
  'array': [array],
  'text': [() => new zipjs.TextReader(text.toString())],
  'blob': [() => new zipjs.BlobReader(new Blob([text]))],
  'stored': [array, { level: 0 }],
  'without-descriptor': [array, { dataDescriptor: false }],
  'unsigned-descriptor': [array, { dataDescriptor: true, dataDescriptorSignature: false }],
  'buffered': [array, { bufferedWrite: true }],
  'without-extended-time': [array, { extendedTimestamp: false }],
  'unix-mode': [array, { unixMode: 0o644 }],
  'readable-stream': [webStream],
  'readable-stream-in-object': [() => ({ readable: webStream() })],
  'readable-stream-stored': [webStream, { level: 0 }],
  'readable-stream-without-descriptor': [webStream, { dataDescriptor: false }],
  'readable-stream-buffered': [webStream, { bufferedWrite: true }],
  'readable-stream-zip64-off': [webStream, { zip64: false }]
}
for (const [form, arguments_] of Object.entries(zipJsForms)) {
  await save('@zip.js/zip.js', form, () => zipJs(...arguments_))
}
await save('@zip.js/zip.js', 'zip64', () => zipJs(array, { zip64: true }), 'honest-refused/zip64')
await save('@zip.js/zip.js', 'password', () => zipJs(array, { password: 'secret' }), 'honest-refused/encrypted')
await save('@zip.js/zip.js', 'fs', () => {
  const files = new zipjs.fs.FS()
  files.addDirectory('sub').addUint8Array(name, text)
  return files.exportUint8Array({ lastModDate: date })
})
await save('@zip.js/zip.js', 'writer-stream', async () => {
  const zip = new zipjs.ZipWriterStream({ lastModDate: date })
  const content = new Response(zip.readable).arrayBuffer()
  await webStream().pipeTo(zip.writable(name))
  await zip.close()
  return Buffer.from(await content)
})
await zipjs.terminateWorkers()
process.exit(0)
