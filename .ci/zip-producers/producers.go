// Command producers makes zips of Go's archive/zip. `run` calls it in the folder of contents.
package main

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

var (
	made    = os.Args[1]
	version = strings.TrimPrefix(runtime.Version(), "go")
	moment  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// must returns the value, and ends the program after an error.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func save(form string, fill func(*zip.Writer)) []byte {
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	fill(writer)
	must(0, writer.Close())
	path := filepath.Join(made, "sound", "go-"+version+"-"+form+".zip")
	must(0, os.MkdirAll(filepath.Dir(path), 0o777))
	must(0, os.WriteFile(path, buffer.Bytes(), 0o666))
	return buffer.Bytes()
}

func main() {
	text := must(os.ReadFile("logs/app.log"))
	deflated := save("create", func(w *zip.Writer) {
		must(must(w.Create("app.log")).Write(text))
		must(must(w.Create("Größe 日志.txt")).Write(text))
	})
	save("deflated-with-time", func(w *zip.Writer) {
		header := &zip.FileHeader{Name: "app.log", Method: zip.Deflate, Modified: moment}
		must(must(w.CreateHeader(header)).Write(text))
	})
	save("stored", func(w *zip.Writer) {
		header := &zip.FileHeader{Name: "app.log", Method: zip.Store, Modified: moment}
		must(must(w.CreateHeader(header)).Write(text))
	})
	save("folder-and-mode", func(w *zip.Writer) {
		must(w.Create("sub/"))
		header := &zip.FileHeader{Name: "sub/app.log", Method: zip.Deflate, Modified: moment}
		header.SetMode(0o640)
		must(must(w.CreateHeader(header)).Write(text))
	})
	save("file-info-header", func(w *zip.Writer) {
		header := must(zip.FileInfoHeader(must(os.Stat("logs/app.log"))))
		header.Method = zip.Deflate
		must(must(w.CreateHeader(header)).Write(text))
	})
	save("raw", func(w *zip.Writer) {
		header := &zip.FileHeader{Name: "app.log", Method: zip.Store, Modified: moment, CRC32: crc32.ChecksumIEEE(text),
			CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text))}
		must(must(w.CreateRaw(header)).Write(text))
	})
	save("add-fs", func(w *zip.Writer) { must(0, w.AddFS(os.DirFS("logs"))) })
	save("copy", func(w *zip.Writer) {
		reader := must(zip.NewReader(bytes.NewReader(deflated), int64(len(deflated))))
		must(0, w.Copy(reader.File[0]))
	})
	save("comment", func(w *zip.Writer) {
		must(0, w.SetComment("from device 7"))
		must(io.WriteString(must(w.Create("app.log")), "boot ok\n"))
	})
	save("not-utf8", func(w *zip.Writer) {
		header := &zip.FileHeader{Name: "gr\x94sse.log", NonUTF8: true, Method: zip.Deflate, Modified: moment}
		must(must(w.CreateHeader(header)).Write(text))
	})
}
