//! Zips of the crates zip and async_zip. `run` calls this in the folder of contents.

use async_zip::base::write::ZipFileWriter;
use async_zip::{Compression, ZipEntryBuilder};
use futures_lite::future::block_on;
use futures_lite::io::AsyncWriteExt;
use std::io::{Cursor, Write};
use std::{env, fs, path::Path};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

type Memory = Cursor<Vec<u8>>;

fn save(folder: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(&env::args().nth(1).unwrap()).join(folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.zip")), bytes).unwrap();
}

fn options() -> SimpleFileOptions {
    let time = DateTime::from_date_and_time(2026, 1, 1, 0, 0, 0).unwrap();
    SimpleFileOptions::default().last_modified_time(time)
}

fn zip(folder: &str, form: &str, fill: impl FnOnce(&mut ZipWriter<Memory>)) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut writer);
    let bytes = writer.finish().unwrap().into_inner();
    save(folder, &format!("rust-zip-9.8.2-{form}"), &bytes);
    bytes
}

fn file(writer: &mut ZipWriter<Memory>, name: &str, options: SimpleFileOptions, text: &[u8]) {
    writer.start_file(name, options).unwrap();
    writer.write_all(text).unwrap();
}

fn current_zip(text: &[u8]) {
    let stored = options().compression_method(CompressionMethod::Stored);
    let first = zip("sound", "file", |w| {
        file(w, "app.log", options(), text);
        file(w, "Größe 日志.txt", options(), text);
    });
    zip("sound", "stored", |w| file(w, "app.log", stored, text));
    zip("sound", "folder-and-mode", |w| {
        w.add_directory("sub", options()).unwrap();
        file(w, "sub/app.log", options().unix_permissions(0o640), text);
    });
    zip("sound", "aligned", |w| file(w, "app.log", stored.with_alignment(64), text));
    zip("sound", "deep-copy", |w| {
        file(w, "app.log", options(), text);
        w.deep_copy_file("app.log", "copy.log").unwrap();
    });
    zip("honest-refused/zip64", "large-file", |w| file(w, "app.log", options().large_file(true), text));
    zip("honest-refused/link-or-device", "symlink", |w| {
        w.add_symlink("current", "app.log", options()).unwrap();
    });
    zip("honest-refused/overlapping-entries", "shallow-copy", |w| {
        file(w, "app.log", options(), text);
        w.shallow_copy_file("app.log", "copy.log").unwrap();
    });

    let mut appended = ZipWriter::new_append(Cursor::new(first)).unwrap();
    file(&mut appended, "later.log", options(), text);
    save("sound", "rust-zip-9.8.2-appended", &appended.finish().unwrap().into_inner());

    let mut stream = ZipWriter::new_stream(Vec::new());
    stream.start_file("app.log", options()).unwrap();
    stream.write_all(text).unwrap();
    save("sound", "rust-zip-9.8.2-stream", &stream.finish().unwrap().into_inner());
    let mut stream = ZipWriter::new_stream(Vec::new());
    stream.start_file("app.log", stored).unwrap();
    stream.write_all(text).unwrap();
    save("sound", "rust-zip-9.8.2-stored-stream", &stream.finish().unwrap().into_inner());
}

fn zip_0_6(text: &[u8]) {
    use zip_0_6::write::FileOptions;
    use zip_0_6::{CompressionMethod, DateTime, ZipWriter};
    let time = DateTime::from_date_and_time(2026, 1, 1, 0, 0, 0).unwrap();
    let options = FileOptions::default().last_modified_time(time);
    let forms = [
        ("sound", "file", options),
        ("sound", "stored", options.compression_method(CompressionMethod::Stored)),
        ("sound", "large-file", options.large_file(true)),
    ];
    for (folder, form, options) in forms {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("app.log", options).unwrap();
        writer.write_all(text).unwrap();
        save(folder, &format!("rust-zip-0.6.6-{form}"), &writer.finish().unwrap().into_inner());
    }
    let mut aligned = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = options.compression_method(CompressionMethod::Stored);
    aligned.start_file_aligned("app.log", stored, 64).unwrap();
    aligned.write_all(text).unwrap();
    save("sound", "rust-zip-0.6.6-aligned", &aligned.finish().unwrap().into_inner());
}

type AsyncWriter = ZipFileWriter<Vec<u8>>;

async fn async_stream(mut writer: AsyncWriter, compression: Compression, text: &[u8]) -> Vec<u8> {
    let mut entry = writer.write_entry_stream(ZipEntryBuilder::new("app.log".into(), compression)).await.unwrap();
    entry.write_all(text).await.unwrap();
    entry.close().await.unwrap();
    writer.close().await.unwrap()
}

async fn async_whole(mut writer: AsyncWriter, compression: Compression, text: &[u8]) -> Vec<u8> {
    writer.write_entry_whole(ZipEntryBuilder::new("app.log".into(), compression), text).await.unwrap();
    writer.close().await.unwrap()
}

fn async_zip(text: &[u8]) {
    let name = |form: &str| format!("rust-async-zip-0.0.19-{form}");
    let writer = || ZipFileWriter::new(Vec::new());
    for (suffix, compression) in [("", Compression::Deflate), ("-stored", Compression::Stored)] {
        let whole = block_on(async_whole(writer(), compression, text));
        save("sound", &name(&format!("whole{suffix}")), &whole);
        let stream = block_on(async_stream(writer(), compression, text));
        save("honest-refused/zip64", &name(&format!("stream{suffix}")), &stream);
    }
    // Deflated, this stream is corrupt: async_zip 0.0.19 swaps its two sizes.
    let plain = block_on(async_stream(writer().force_no_zip64(), Compression::Stored, text));
    save("sound", &name("stream-force-no-zip64-stored"), &plain);
    let forced = block_on(async_whole(writer().force_zip64(), Compression::Deflate, text));
    save("sound", &name("whole-force-zip64"), &forced);
}

fn main() {
    let text = fs::read("logs/app.log").unwrap();
    current_zip(&text);
    zip_0_6(&text);
    async_zip(&text);
}
