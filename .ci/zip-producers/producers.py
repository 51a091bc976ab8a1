"""Zips of Python's zipfile, of packages for Python, and of the miniz that one of them includes. `run` calls this in the
folder of contents."""

import ctypes
import datetime
import importlib.metadata
import io
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipapp
import zipfile
import zlib

import miniz.miniz
import pyzipper
import repro_zipfile
import stream_zip
import zipfly
import zipstream

MADE = pathlib.Path(sys.argv[1])
FILES = ["logs/app.log", "logs/empty.log", "logs/sub/Größe 日志.txt"]
TEXT = pathlib.Path("logs/app.log").read_bytes()
TIME = (2026, 1, 1, 0, 0, 0)
MOMENT = datetime.datetime(*TIME)
PYTHON = f"sound/python-{platform.python_version()}"


def path(name):
    file = MADE / f"{name}.zip"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    return str(file)


def save(name, content):
    pathlib.Path(path(name)).write_bytes(content)


def release(package):
    return f"{package}-{importlib.metadata.version(package)}"


class Pipe(io.RawIOBase):
    """A stream that cannot seek."""

    def __init__(self, file):
        self.file = open(file, "wb")

    def writable(self):
        return True

    def write(self, content):
        return self.file.write(content)

    def close(self):
        self.file.close()
        super().close()


def info(name="app.log"):
    return zipfile.ZipInfo(name, TIME)


def python():
    methods = {"": zipfile.ZIP_DEFLATED, "-stored": zipfile.ZIP_STORED}
    targets = {"": lambda file: open(file, "wb"), "-to-pipe": Pipe}
    for method, compression in methods.items():
        for target, opened in targets.items():
            form = f"{method}{target}"
            with opened(path(f"{PYTHON}-write{form}")) as out, zipfile.ZipFile(out, "w", compression) as archive:
                for file in FILES:
                    archive.write(file)
            with opened(path(f"{PYTHON}-writestr{form}")) as out, zipfile.ZipFile(out, "w") as archive:
                archive.writestr(info(), TEXT, compression)
            with opened(path(f"{PYTHON}-open{form}")) as out, zipfile.ZipFile(out, "w") as archive:
                entry = info()
                entry.compress_type = compression
                with archive.open(entry, "w") as stream:
                    stream.write(TEXT)

    for target, opened in targets.items():
        with opened(path(f"{PYTHON}-force-zip64{target}")) as out, zipfile.ZipFile(out, "w") as archive:
            with archive.open(info(), "w", force_zip64=True) as stream:
                stream.write(TEXT)

    appended = path(f"{PYTHON}-appended")
    for mode, name in (("w", "one.log"), ("a", "two.log")):
        with zipfile.ZipFile(appended, mode, zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(info(name), TEXT, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(path(f"{PYTHON}-mkdir"), "w") as archive:
        archive.mkdir(info_of_folder("sub/"))
        archive.write("logs/app.log", "sub/app.log")
    shutil.make_archive(path(f"{PYTHON}-make-archive")[:-4], "zip", ".", "logs")
    subprocess.run([sys.executable, "-m", "zipfile", "-c", path(f"{PYTHON}-command"), "logs"], check=True)

    refused = PYTHON.removeprefix("sound/")
    for name, compression in {"bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}.items():
        with zipfile.ZipFile(path(f"honest-refused/unsupported-method/{refused}-{name}"), "w") as archive:
            archive.writestr(info(), TEXT, compression)
    with warnings.catch_warnings(), zipfile.ZipFile(path(f"honest-refused/duplicate-name/{refused}-twice"), "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(info(), TEXT, zipfile.ZIP_DEFLATED)
        archive.writestr(info(), TEXT, zipfile.ZIP_DEFLATED)
    with tempfile.TemporaryDirectory() as folder:
        main = pathlib.Path(folder) / "__main__.py"
        main.write_text("print('boot ok')\n")
        os.utime(main, (1767225600, 1767225600))
        zipapp.create_archive(folder, path(f"{PYTHON}-zipapp"))
        zipapp.create_archive(
            folder, path(f"honest-refused/leading-data/{refused}-zipapp-with-interpreter"), "/usr/bin/env python3")


def info_of_folder(name):
    folder = zipfile.ZipInfo(name, TIME)
    folder.external_attr = 0o40755 << 16 | 0x10
    folder.CRC = 0
    folder.compress_size = 0
    return folder


def packages():
    name = release("pyzipper")
    with pyzipper.ZipFile(path(f"sound/{name}-files"), "w", pyzipper.ZIP_DEFLATED) as archive:
        for file in FILES:
            archive.write(file)
    with pyzipper.AESZipFile(path(f"sound/{name}-without-password"), "w", pyzipper.ZIP_DEFLATED) as archive:
        archive.write("logs/app.log")
    with pyzipper.AESZipFile(
            path(f"honest-refused/encrypted/{name}-aes"), "w", pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.write("logs/app.log")

    with repro_zipfile.ReproducibleZipFile(path(f"sound/{release('repro-zipfile')}-files"), "w") as archive:
        for file in FILES:
            archive.write(file)

    paths = [{"fs": file, "n": file} for file in FILES[:2]]
    save(f"sound/{release('zipfly')}-files", b"".join(zipfly.ZipFly(paths=paths).generator()))

    methods = {
        "zip-32": stream_zip.ZIP_32,
        "auto": stream_zip.ZIP_AUTO(len(TEXT)),
        "stored-32": stream_zip.NO_COMPRESSION_32,
        "stored-32-known-size": stream_zip.NO_COMPRESSION_32(len(TEXT), zlib.crc32(TEXT)),
    }
    refused = {"zip-64": stream_zip.ZIP_64, "stored-64": stream_zip.NO_COMPRESSION_64}
    for folder, group in {"sound": methods, "honest-refused/zip64": refused}.items():
        for form, method in group.items():
            chunks = stream_zip.stream_zip([("app.log", MOMENT, 0o100644, method, [TEXT])])
            save(f"{folder}/{release('stream-zip')}-{form}", b"".join(chunks))

    name = f"sound/{release('zipstream-ng')}"
    for form, compression in {"": zipfile.ZIP_DEFLATED, "-stored": zipfile.ZIP_STORED}.items():
        save(f"{name}-folder{form}", bytes(zipstream.ZipStream.from_path("logs", compress_type=compression)))
        for kind, data in {"data": TEXT, "generator": iter([TEXT])}.items():
            archive = zipstream.ZipStream(compress_type=compression)
            archive.add(data, "app.log")
            save(f"{name}-{kind}{form}", bytes(archive))
    sized = zipstream.ZipStream(sized=True)
    sized.add(iter([TEXT]), "app.log", size=len(TEXT))
    save(f"{name}-generator-sized", bytes(sized))


def miniz_3_0_2():
    """miniz 3.0.2 calls itself 11.0.2. The package has the whole library and calls only its compression."""
    library = miniz.miniz.library
    library.mz_version.restype = ctypes.c_char_p
    name = f"sound/miniz-{library.mz_version().decode()}"
    zip64 = 0x4000  # MZ_ZIP_FLAG_WRITE_ZIP64
    reader = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_size_t)
    size = ctypes.c_size_t

    def read(_, offset, target, length):
        part = TEXT[offset : offset + length]
        ctypes.memmove(target, part, len(part))
        return len(part)

    def archive(form, flags, fill):
        zip_ = ctypes.create_string_buffer(1024)  # mz_zip_archive, which has about 120 bytes
        assert library.mz_zip_writer_init_file_v2(zip_, path(f"{name}-{form}").encode(), ctypes.c_uint64(0), flags)
        assert fill(zip_)
        assert library.mz_zip_writer_finalize_archive(zip_)
        assert library.mz_zip_writer_end(zip_)

    def memory(level):
        return lambda zip_: library.mz_zip_writer_add_mem(zip_, b"app.log", TEXT, size(len(TEXT)), level)

    def callback(limit):
        # NULL stands for the time "now".
        return lambda zip_: library.mz_zip_writer_add_read_buf_callback(
            zip_, b"app.log", reader(read), None, ctypes.c_uint64(limit), ctypes.byref(ctypes.c_int64(1767225600)), None,
            ctypes.c_uint16(0), 6, None, 0, None, 0)

    archive("memory", 0, memory(6))
    archive("memory-stored", 0, memory(0))
    archive("memory-zip64", zip64, memory(6))
    archive("file", 0, lambda zip_: library.mz_zip_writer_add_file(zip_, b"app.log", b"logs/app.log", None, ctypes.c_uint16(0), 6))
    archive("callback", 0, callback(len(TEXT)))
    archive("callback-of-any-size", 0, callback(1 << 33))


python()
packages()
miniz_3_0_2()
