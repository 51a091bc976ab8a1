package io.fleetwell.logs;

import io.fleetwell.ids.Words;

/**
 * The rules for an accepted zip file. A refusal names only the rule, and nothing from the file.
 *
 * <p>The rules leave one way to read an archive. Every reader sees exactly the entries that were checked, whether it uses
 * the central directory or the local headers, front to back or back to front.
 */
enum ZipRule {
  NOT_A_ZIP("This is not a zip file."),
  TRUNCATED("The zip file ends too early. Upload the complete file."),
  TRAILING_DATA(
      "Bytes that are not zero follow the end of the zip file, or more than 10,240 zeros, or zeros after a long comment. Upload"
          + " only the archive."),
  LEADING_DATA(
      "Bytes that belong to no listed entry precede the first one. Upload a plain archive, not a self-extracting one."),
  SECOND_END_RECORD(
      "More than one record could be the archive's end. Create the archive again, without a comment."),
  SEVERAL_DISKS("The archive is one part of several. Create it as a single file."),
  ZIP64(
      "The archive has sizes or offsets that only zip64 has, which only files of gigabytes need. Switch zip64 off, or let"
          + " the program decide: Rust's zip without large_file(true), commons-compress with Zip64Mode.AsNeeded or Never,"
          + " stream-zip with ZIP_AUTO, Java without forceZIP64End."),
  CENTRAL_DIRECTORY_MALFORMED(
      "The list of entries does not have the place or the length that the archive says. Create the archive again."),
  NO_ENTRIES("The archive is empty. Put at least one file into it."),
  TOO_MANY_ENTRIES(
      "The archive has more than 1,000 files, folders not counted. Split it into several."),
  EXTRA_FIELD_MALFORMED("An entry's extra field is malformed. Create the archive again."),
  HIDDEN_ATTRIBUTES(
      "An entry has a second set of file attributes, which only some programs see, or bit 2 of the internal attributes, with"
          + " which only some programs see the first. Create the archive without libarchive's experimental zip option and with"
          + " internal attributes 0."),

  ENCRYPTED("An entry is encrypted. Create the archive without a password."),
  UNSUPPORTED_METHOD(
      "An entry is compressed by a method other than deflate. Create the archive with deflate, or store the files as they"
          + " are."),
  UNSUPPORTED_FLAG(
      "An entry uses a feature of the zip format that is not accepted. Create the archive with deflate and default"
          + " options."),
  UNSUPPORTED_VERSION(
      "An entry demands a version of the zip format after 4.5. Stored and deflated entries need 2.0, or 4.5 with zip64:"
          + " write that as \"version needed\"."),
  UNSUPPORTED_HOST(
      "An entry's \"version made by\" names an uncommon system. Write 3 (Unix) or 0 (FAT) into its upper byte."),

  EMPTY_NAME("An entry has no name."),
  NAME_TOO_LONG(
      "An entry's name is longer than 1,024 bytes, or a part of it between slashes is longer than 255 bytes. Shorten it."),
  NAME_NOT_UTF8("An entry's name is marked as UTF-8 and is not valid UTF-8."),
  CONTROL_CHARACTER_IN_NAME("An entry's name has a NUL or another control character."),
  BACKSLASH_IN_NAME("An entry's name has a backslash. Separate folders with a slash."),
  ABSOLUTE_NAME("An entry's name starts with a slash. Make it relative."),
  DRIVE_LETTER_IN_NAME("An entry's name starts with a drive letter. Make it relative."),
  PARENT_FOLDER_IN_NAME("An entry's name has the segment \"..\", which leads out of its folder."),
  FILE_VERSION_IN_NAME(
      "An entry's name ends with a semicolon, or with one and a number, which unzip leaves out. Rename it."),
  DEVICE_IN_NAME(
      "A part of an entry's name is the name of a device on Windows, such as CON, NUL or COM1, with or without an extension."
          + " Rename it."),
  TRAILING_DOT_OR_SPACE_IN_NAME(
      "A part of an entry's name ends with a dot or a space, which Windows leaves out. Rename it."),
  UNICODE_PATH_DISAGREES(
      "An entry has a second name, in its Unicode Path extra field, that differs from its first."),
  DUPLICATE_NAME(
      "Two entries have the same name, or names that are the same on some file systems or in some programs: they differ only"
          + " in case, in how Unicode composes a letter, in characters that show nothing or that Windows forbids, or in an old"
          + " code page. Rename one, and mark names as UTF-8."),
  FILE_AS_FOLDER(
      "The name of a file is also that of a folder in which another entry lies. Rename one."),
  LINK_OR_DEVICE(
      "An entry is a symbolic link, a device or a socket, by its attributes or by an extra field. Only regular files and"
          + " folders are accepted. Store what a link points to: zip does so unless it has -y, bsdtar with -L, 7z with -l."),
  VOLUME_LABEL(
      "An entry has the attribute of a DOS volume label, and unzip leaves it out. Clear bit 3 of its external attributes."),
  SPECIAL_MODE(
      "A file has a special bit in its mode: set-user-ID, set-group-ID or sticky. Clear it, such as with chmod 644."),
  UNREADABLE_MODE(
      "A file has a mode that its owner cannot read. Give it one, such as with chmod 644, or leave the mode zero."),
  KIND_DISAGREES(
      "An entry is a folder by its attributes and a file by its name. End a folder's name with a slash."),
  FOLDER_WITH_DATA("An entry whose name ends with a slash, a folder, has data."),

  LOCAL_HEADER_MISSING("An entry is not where the archive's list of entries says it is."),
  LOCAL_HEADER_DISAGREES("An entry's own header differs from the archive's list of entries."),
  DATA_DESCRIPTOR_DISAGREES(
      "The data descriptor after an entry is missing, or differs from what the archive's list of entries says."),
  OVERLAPPING_ENTRIES("Two entries share the same bytes of the archive."),
  GAP_BETWEEN_ENTRIES(
      "Bytes that belong to no listed entry lie between the entries. Create the archive again instead of updating it."),
  AMBIGUOUS_EMPTY_ENTRY(
      "An empty file that was deflated with zip64 as a stream is not the last entry. Java's ZipInputStream would see none of"
          + " the entries after it. Leave out empty files, or store them."),
  AMBIGUOUS_STORED_DATA(
      "An uncompressed entry, whose length follows its data, contains what looks like a zip record, or no signature follows"
          + " it. Compress it, or write the archive to a file rather than a stream."),

  CONTENTS_TOO_LARGE(
      "The archive is larger than 100 MB (100,000,000 bytes) once unpacked. Split it into several."),
  CORRUPT_DATA("An entry's compressed data is damaged. Create the archive again."),
  TRUNCATED_DATA("An entry's compressed data ends too early. Create the archive again."),
  DATA_AFTER_DEFLATE(
      "Bytes are hidden between the end of an entry's compressed data and the next entry."),
  WRONG_LENGTH("An entry's data is not as long as the archive says."),
  WRONG_CHECKSUM("An entry's data does not match its checksum. Create the archive again.");

  private final String explanation;

  ZipRule(String explanation) {
    this.explanation = explanation;
  }

  /** The name for programs, which never changes: {@code not-a-zip} for {@link #NOT_A_ZIP}. */
  String id() {
    return Words.of(this);
  }

  /** Says what is wrong and, where it helps, what to do, for the person who created the archive. */
  String explanation() {
    return explanation;
  }
}
