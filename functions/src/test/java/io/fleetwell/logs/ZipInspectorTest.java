package io.fleetwell.logs;

import static io.fleetwell.logs.ZipBuilder.asiUnix;
import static io.fleetwell.logs.ZipBuilder.bytes;
import static io.fleetwell.logs.ZipBuilder.concat;
import static io.fleetwell.logs.ZipBuilder.crc;
import static io.fleetwell.logs.ZipBuilder.deflate;
import static io.fleetwell.logs.ZipBuilder.deflated;
import static io.fleetwell.logs.ZipBuilder.endRecord;
import static io.fleetwell.logs.ZipBuilder.extraField;
import static io.fleetwell.logs.ZipBuilder.poke;
import static io.fleetwell.logs.ZipBuilder.pokeEnd;
import static io.fleetwell.logs.ZipBuilder.stored;
import static io.fleetwell.logs.ZipBuilder.unicodePath;
import static io.fleetwell.logs.ZipBuilder.zipOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.fleetwell.logs.ZipBuilder.Entry;
import io.fleetwell.logs.ZipBuilder.Header;
import io.fleetwell.logs.ZipInspector.BrokenRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the limits of each rule. {@link ZipCorpus} has an attack for each. */
class ZipInspectorTest {
  private static final long SEED = 20260101;
  private static final int FLAG_UTF8 = 1 << 11;
  private static final String TEXT = "2026-01-01T00:00:00Z boot ok\n".repeat(20);

  @Nested
  class HonestZips {
    @Test
    void writtenByJavaPass() throws IOException {
      assertSound(javaZip());
    }

    @Test
    void withOneEntryPass() {
      assertSound(zipOf(deflated("app.log", TEXT)));
      assertSound(zipOf(stored("app.log", TEXT)));
    }

    @Test
    void withAThousandFilesPass() {
      assertSound(zipOf(entries(1_000)));
    }

    @Test
    void withMoreFoldersThanFilesPass() {
      Stream<Entry> folders =
          IntStream.range(0, 2_000).mapToObj(i -> stored("folder%d/".formatted(i), ""));
      assertSound(zipOf(Stream.concat(folders, Stream.of(entries(1_000))).toArray(Entry[]::new)));
    }

    @Test
    void withAnEmptyFilePass() {
      assertSound(zipOf(stored("a", ""), deflated("b", ""), deflated("c", "").streamed()));
    }

    @Test
    void withADataDescriptorPassWithAndWithoutSignature() {
      assertSound(zipOf(deflated("a", TEXT).streamed(), deflated("b", TEXT).streamed()));
      assertSound(zipOf(deflated("a", TEXT).streamed().with(ZipInspectorTest::dropSignature)));
    }

    @Test
    void withTheDirectoryInAnotherOrderPass() {
      Entry first = deflated("first", TEXT);
      Entry second = deflated("second", TEXT);
      second.withoutCentralHeader = true;
      Entry listedLast = deflated("second", TEXT);
      listedLast.withoutLocalHeader = true;
      listedLast.offset = (long) first.localHeader().length + first.data.length;
      Entry third = deflated("third", TEXT);

      assertSound(zipOf(first, second, third, listedLast));
    }

    @Test
    void withExtraFieldsPass() {
      byte[] extra = concat(extraField(0x5455, bytes(5, 3)), extraField(0x7875, new byte[11]));
      assertSound(zipWhereBoth(header -> header.extra = extra));
    }

    @Test
    void withTheSameNameInAUnicodePathPass() {
      byte[] utf8 = "Größe.log".getBytes(UTF_8);
      byte[] codePage437 = "Größe.log".getBytes(Charset.forName("IBM437"));
      for (byte[] name : List.of(utf8, codePage437)) {
        assertSound(zipOf(deflated("", TEXT).both(header -> {
          header.name = name;
          header.extra = unicodePath(name, "Größe.log");
        })));
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a",
          "1:30.log",
          "a b/c.log",
          "..a/..b",
          "d.con",
          "null",
          "com10.log",
          "a;x",
          "a;1/b",
          ".hidden",
          "./a",
          "..a..b",
          "日志.txt",
          "é",
          "e\u0301",
          "a//b"
        })
    void withOrdinaryNamesPass(String name) {
      assertSound(zipOf(deflated(name, TEXT)));
      assertSound(zipOf(deflated(name, TEXT).both(header -> header.flags |= FLAG_UTF8)));
    }

    @Test
    void withNamesInAnOldCodePagePass() {
      byte[] latin1 = "Größe.log".getBytes(ISO_8859_1);
      assertSound(zipOf(deflated("", TEXT).both(header -> header.name = latin1)));
    }

    @Test
    void withTheDeflateLevelInOneHeaderPass() {
      assertSound(zipWhere(entry -> entry.central.flags |= 2));
      assertBroken(
          ZipRule.LOCAL_HEADER_DISAGREES,
          zipOf(stored("a", TEXT).with(entry -> entry.central.flags |= 2)));
    }

    @Test
    void ofHighlyRegularLogsPass() {
      assertSound(zipOf(deflated("zeros", new byte[100_000])));
      assertSound(zipOf(deflated("lines", "the same line\n".repeat(15_000))));
      assertSound(zipOf(deflated("ring-buffer", new byte[4_194_304])));
    }

    @Test
    void of100MegabytesPass() {
      assertSound(zipOf(deflated("a", new byte[100_000_000])));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10_035, 10_240})
    void paddedWithZerosPass(int zeros) {
      assertSound(concat(zipOf(deflated("a", TEXT)), new byte[zeros]));
    }

    @Test
    void withAPipeAsAFilePass() {
      assertSound(zipOf(deflated("-", TEXT).unixMode(0010600)));
    }
  }

  @Nested
  class TheEndOfTheArchive {
    @Test
    void isMissingFromAnEmptyFile() {
      assertBroken(ZipRule.NOT_A_ZIP, new byte[0]);
    }

    @Test
    void isMissingFromOtherFiles() {
      assertBroken(ZipRule.NOT_A_ZIP, "<html>".getBytes(US_ASCII));
      byte[] random = new byte[1_000_000];
      new Random(SEED).nextBytes(random);
      assertBroken(ZipRule.NOT_A_ZIP, random);
    }

    @Test
    void isMissingFromATruncatedUpload() {
      byte[] zip =
          new ZipBuilder().add(deflated("a", TEXT)).comment(new byte[5]).build();
      assertBroken(ZipRule.TRUNCATED, Arrays.copyOf(zip, zip.length - 100));
      for (int missing = 1; missing <= 5 + 22 - 4; missing++) {
        assertBroken(ZipRule.TRUNCATED, Arrays.copyOf(zip, zip.length - missing));
      }
    }

    @Test
    void mayHaveACommentThatReachesTheEndOfTheFile() {
      assertSound(new ZipBuilder()
          .add(deflated("a", TEXT))
          .comment("hi".getBytes(US_ASCII))
          .build());
      assertSound(
          new ZipBuilder().add(deflated("a", TEXT)).comment(new byte[65_535]).build());
    }

    @Test
    void isFollowedByNothingButPadding() {
      byte[] zip = zipOf(deflated("a", TEXT));
      assertBroken(ZipRule.TRAILING_DATA, concat(zip, new byte[10_241]));
      assertBroken(ZipRule.TRAILING_DATA, concat(zip, new byte[100], bytes(1, 1)));
      assertBroken(ZipRule.TRAILING_DATA, concat(zip, bytes(1, 1), new byte[100]));
    }

    @Test
    void isNearEnoughToTheEndOfTheFileToBeFound() {
      byte[] zip =
          new ZipBuilder().add(deflated("a", TEXT)).comment(new byte[65_000]).build();
      assertSound(concat(zip, new byte[535]));
      assertBroken(ZipRule.TRAILING_DATA, concat(zip, new byte[536]));
    }

    @Test
    void isNotInThePaddingOrACommentThatEndsThere() {
      byte[] fake = endRecord(1, 47, 0, 30);
      byte[] zip = new ZipBuilder().add(stored("a", fake)).build();
      int commentLength = zip.length - (30 + 1 + fake.length) + 40;
      byte[] spanning =
          new ZipBuilder().add(stored("a", endRecord(1, 47, 0, commentLength))).build();
      assertBroken(ZipRule.SECOND_END_RECORD, concat(spanning, new byte[100]));
      assertBroken(ZipRule.SECOND_END_RECORD, concat(zip, new byte[100], endRecord(0, 0, 0, 0)));
    }

    @Test
    void saysHowManyBytesFollowIt() {
      byte[] zip = zipOf(deflated("a", TEXT));
      assertThat(explanationOf(concat(zip, "\r\n".getBytes(US_ASCII))))
          .contains("2 bytes too many", "line end before the form's last boundary");
      assertThat(explanationOf(concat(zip, "more".getBytes(US_ASCII))))
          .endsWith("It has 4 bytes too many.");
    }

    @Test
    void isNotFollowedByAnotherArchive() {
      byte[] zip = zipOf(deflated("a", TEXT));
      assertBroken(ZipRule.SECOND_END_RECORD, concat(zip, zipOf(deflated("b", TEXT))));
      assertBroken(ZipRule.SECOND_END_RECORD, concat(zip, endRecord(0, 0, 0, 0)));
    }

    @Test
    void isNotHiddenInItsOwnComment() {
      byte[] fake = endRecord(1, 47, 0, 0);
      assertBroken(
          ZipRule.SECOND_END_RECORD,
          new ZipBuilder().add(deflated("a", TEXT)).comment(fake).build());
      // Truncated: only a reader that trusts the last signature is deceived.
      assertBroken(
          ZipRule.SECOND_END_RECORD,
          new ZipBuilder()
              .add(deflated("a", TEXT))
              .comment(Arrays.copyOf(fake, 4))
              .build());
    }

    @Test
    void isNotInsideTheCommentOfAnEarlierEndRecord() {
      byte[] inner = zipOf(deflated("b", TEXT));
      Entry outer = stored("a", "");
      int afterTheFake = 22 + inner.length;
      byte[] fake = endRecord(1, 47, 0, afterTheFake);
      // The comment of the first record spans the second one, and ends with the file.
      byte[] zip = zipOf(outer.both(header -> header.extra = extraField(0xcafe, fake)));
      int commentAt = 30 + 1 + 4 + 22;
      byte[] spanning = poke(zip, commentAt - 2, 2, zip.length - commentAt);
      // Only the local extra field has these bytes; extra fields need not agree.
      assertBroken(ZipRule.SECOND_END_RECORD, spanning);
    }

    @Test
    void mayOccurAgainInAStoredZip() {
      byte[] inner = zipOf(deflated("b", TEXT));
      assertSound(zipOf(stored("inner.zip", inner)));
      assertSound(zipOf(stored("inner.zip", inner), stored("later", TEXT)));
    }

    @Test
    void namesNoOtherDisk() {
      byte[] zip = zipOf(deflated("a", TEXT));
      assertBroken(ZipRule.SEVERAL_DISKS, pokeEnd(zip, 4, 2, 1));
      assertBroken(ZipRule.SEVERAL_DISKS, pokeEnd(zip, 6, 2, 1));
      assertBroken(ZipRule.SEVERAL_DISKS, pokeEnd(zip, 8, 2, 0));
      assertBroken(ZipRule.SEVERAL_DISKS, pokeEnd(zip, 10, 2, 2));
      assertBroken(ZipRule.SEVERAL_DISKS, zipWhere(entry -> entry.disk = 1));
    }

    @Test
    void hasAtLeastOneEntry() {
      assertBroken(ZipRule.NO_ENTRIES, zipOf());
      assertBroken(ZipRule.NO_ENTRIES, zipWhere(ZipInspectorTest::unlist));
    }

    @Test
    void hasTheRightNumberOfEntries() {
      byte[] zip = zipOf(entries(3));
      for (int count : new int[] {1, 2, 4, 100}) {
        byte[] miscounted = pokeEnd(pokeEnd(zip, 8, 2, count), 10, 2, count);
        assertBroken(ZipRule.CENTRAL_DIRECTORY_MALFORMED, miscounted);
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 45, 46, 48, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE})
    void hasTheOffsetAndTheSizeOfTheDirectory(int wrong) {
      byte[] zip = zipOf(deflated("a", TEXT));
      assertBroken(ZipRule.CENTRAL_DIRECTORY_MALFORMED, pokeEnd(zip, 12, 4, wrong));
      assertBroken(ZipRule.CENTRAL_DIRECTORY_MALFORMED, pokeEnd(zip, 16, 4, wrong));
    }

    @Test
    void followsOnlyFileHeadersInTheDirectory() {
      byte[] signature = bytes(6, 0x05054b50);
      byte[] zip =
          new ZipBuilder().add(deflated("a", TEXT)).afterDirectory(signature).build();
      assertBroken(ZipRule.CENTRAL_DIRECTORY_MALFORMED, pokeEnd(zip, 12, 4, 47 + 6));
    }

    @Test
    void isNotPrecededByATruncatedHeader() {
      for (int length = 4; length < 46; length++) {
        byte[] cut = bytes(length, 0x02014b50);
        byte[] zip =
            new ZipBuilder().add(deflated("a", TEXT)).afterDirectory(cut).build();
        byte[] counted = pokeEnd(pokeEnd(zip, 8, 2, 2), 10, 2, 2);
        assertBroken(ZipRule.CENTRAL_DIRECTORY_MALFORMED, pokeEnd(counted, 12, 4, 47L + length));
      }
    }

    @Test
    void isNotReachedByTheLastHeaderOfTheDirectory() {
      byte[] zip = zipOf(deflated("a", TEXT));
      for (int length : new int[] {28, 30, 32}) {
        for (int tooMuch : new int[] {2, 22, 65_535}) {
          assertBroken(
              ZipRule.CENTRAL_DIRECTORY_MALFORMED,
              poke(zip, zip.length - 22 - 47 + length, 2, tooMuch));
        }
      }
    }
  }

  @Nested
  class Zip64 {
    @Test
    void isRefusedAsALocatorInsideTheDirectory() {
      byte[] locator = extraField(0xcafe, bytes(20, 0x07064b50));
      assertBroken(ZipRule.ZIP64, zipWhere(entry -> entry.central.extra = locator));
    }

    @ParameterizedTest
    @CsvSource({"4,2", "6,2", "8,2", "10,2", "12,4", "16,4"})
    void isRefusedAsASentinelInTheEndRecord(int field, int length) {
      assertBroken(ZipRule.ZIP64, pokeEnd(zipOf(deflated("a", TEXT)), field, length, -1));
    }

    @Test
    void isRefusedAsASentinelInTheDirectory() {
      List<Consumer<Entry>> sentinels = List.of(
          entry -> entry.central.size = 0xFFFF_FFFFL,
          entry -> entry.central.compressedSize = 0xFFFF_FFFFL,
          entry -> entry.offset = 0xFFFF_FFFFL,
          entry -> entry.disk = 0xFFFF);
      for (Consumer<Entry> sentinel : sentinels) {
        assertBroken(ZipRule.ZIP64, zipWhere(sentinel));
      }
    }

    @Test
    void isRefusedAsASentinelInALocalHeader() {
      assertBroken(ZipRule.ZIP64, zipWhere(entry -> entry.local.size = 0xFFFF_FFFFL));
      assertBroken(ZipRule.ZIP64, zipWhere(entry -> entry.local.compressedSize = 0xFFFF_FFFFL));
    }

    @Test
    void mayRepeatTheSizesInAnExtraField() {
      assertSound(zipWhere(entry -> entry.local.extra = sizes(entry.local, 16)));
      assertSound(zipWhereBoth(header -> header.extra = extraField(0x0001, new byte[0])));
    }

    @Test
    void mayHaveTheSizesThatALocalHeaderLeavesToIt() {
      assertSound(zipWhere(entry -> leaveSizesToZip64(entry.local)));
    }

    @Test
    void isRefusedAsAnExtraFieldOfTheDirectoryThatSaysSomething() {
      assertBroken(
          ZipRule.ZIP64, zipWhere(entry -> entry.central.extra = sizes(entry.central, 16)));
    }

    @Test
    void isRefusedAsAnExtraFieldThatDoesNotRepeatTheSizes() {
      for (int wrong : new int[] {0, 4, 8, 12}) {
        Consumer<Header> change = header -> {
          byte[] extra = sizes(header, 16);
          extra[4 + wrong]++;
          header.extra = extra;
        };
        assertBroken(ZipRule.ZIP64, zipWhere(entry -> change.accept(entry.local)));
        assertBroken(ZipRule.ZIP64, zipWhere(entry -> change.accept(entry.central)));
      }
      for (int length : new int[] {8, 15, 17, 24, 28}) {
        assertBroken(
            ZipRule.ZIP64, zipWhere(entry -> entry.local.extra = sizes(entry.local, length)));
      }
      byte[] zeros = extraField(0x0001, new byte[16]);
      assertBroken(ZipRule.ZIP64, zipWhere(entry -> entry.local.extra = zeros));
      assertBroken(ZipRule.ZIP64, zipWhere(entry -> entry.central.extra = zeros));
    }

    @Test
    void isRefusedIfALocalHeaderLeavesOnlyOneSizeToIt() {
      assertBroken(ZipRule.ZIP64, zipWhere(entry -> {
        entry.local.extra = sizes(entry.local, 16);
        entry.local.size = 0xFFFF_FFFFL;
      }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mayHaveALongDataDescriptor(boolean leavesSizesToIt) {
      Entry entry = longDescriptor(deflated("a", TEXT));
      if (leavesSizesToIt) {
        entry.local.size = 0xFFFF_FFFFL;
        entry.local.compressedSize = 0xFFFF_FFFFL;
      }
      assertSound(zipOf(entry, deflated("b", TEXT)));
    }

    @Test
    void hasNoLongDataDescriptorWithoutItsExtraField() {
      Entry entry = longDescriptor(deflated("a", TEXT));
      entry.local.extra = new byte[0];
      assertBroken(ZipRule.GAP_BETWEEN_ENTRIES, zipOf(entry));
    }

    @Test
    void hasNoShortDataDescriptorWithItsExtraField() {
      Entry entry = deflated("a", TEXT).streamed();
      entry.local.extra = extraField(0x0001, new byte[16]);
      assertBroken(ZipRule.DATA_DESCRIPTOR_DISAGREES, zipOf(entry));
    }

    @Test
    void hasNoLongDataDescriptorWithoutSignature() {
      Entry entry = longDescriptor(deflated("a", TEXT));
      entry.descriptor = Arrays.copyOfRange(entry.descriptor, 4, 24);
      assertBroken(ZipRule.DATA_DESCRIPTOR_DISAGREES, zipOf(entry));
    }

    /** The C library "zip" by kuba-- writes such empty files. */
    @Test
    void hasNoLongDataDescriptorAfterAnEmptyEntryThatEndsJavasStream() {
      Entry empty = longDescriptor(deflated("empty", ""));
      assertBroken(ZipRule.AMBIGUOUS_EMPTY_ENTRY, zipOf(empty, deflated("b", TEXT)));
      assertSound(zipOf(deflated("b", TEXT), empty));
      assertSound(zipOf(empty));
      empty.local.size = 0xFFFF_FFFFL;
      empty.local.compressedSize = 0xFFFF_FFFFL;
      assertBroken(ZipRule.AMBIGUOUS_EMPTY_ENTRY, zipOf(empty, deflated("b", TEXT)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 15, 16, 20, 23})
    void hasNoLongDataDescriptorThatDisagrees(int at) {
      Entry entry = longDescriptor(deflated("a", TEXT));
      entry.descriptor[at]++;
      assertBroken(ZipRule.DATA_DESCRIPTOR_DISAGREES, zipOf(entry));
    }

    @Test
    void mayRepeatTheEndRecord() {
      assertSound(withZip64End(new ZipBuilder().add(deflated("a", TEXT), stored("b", TEXT))));
    }

    /** Each number of the record and its locator, except for the versions, which are in bytes 12 to 15. */
    @ParameterizedTest
    @ValueSource(ints = {4, 11, 16, 20, 24, 31, 32, 39, 40, 47, 48, 55, 56, 60, 64, 71, 72})
    void isRefusedAsAnEndRecordThatDoesNotRepeatTheOther(int at) {
      byte[] zip = withZip64End(new ZipBuilder().add(deflated("a", TEXT)));
      int record = zip.length - 22 - 76;
      byte[] wrong = zip.clone();
      wrong[record + at] ^= 1;
      Optional<ZipRule> rule = brokenRule(wrong);
      // Without the signature of the locator, the record is a gap after the directory.
      assertThat(rule).contains(at == 56 ? ZipRule.CENTRAL_DIRECTORY_MALFORMED : ZipRule.ZIP64);
    }

    @Test
    void makesAnEndWithinAStoredEntryPlausible() {
      byte[] directory = bytes(46, 0x02014b50);
      byte[] fake = concat(directory, bytes(56, 0x06064b50, 44), bytes(20, 0x07064b50));
      byte[] data = concat(fake, endRecord(1, 46, 31, 0));
      assertBroken(ZipRule.SECOND_END_RECORD, zipOf(stored("a", data), stored("b", "")));
    }
  }

  @Nested
  class TheLayout {
    @Test
    void hasNothingBeforeTheFirstEntry() {
      byte[] zip = zipOf(deflated("a", TEXT));
      assertBroken(ZipRule.LEADING_DATA, concat("#!/bin/sh\n".getBytes(US_ASCII), zip));
      assertBroken(ZipRule.LEADING_DATA, concat(bytes(4, 0x30304b50), zip));
    }

    @Test
    void hasNoUnlistedEntryBetween() {
      assertBroken(
          ZipRule.GAP_BETWEEN_ENTRIES,
          zipOf(
              deflated("a", TEXT),
              deflated("hidden", TEXT).with(ZipInspectorTest::unlist),
              deflated("b", TEXT)));
      assertBroken(
          ZipRule.GAP_BETWEEN_ENTRIES,
          zipOf(
              deflated("a", TEXT).streamed(),
              deflated("hidden", TEXT).with(ZipInspectorTest::unlist)));
    }

    @Test
    void hasNoGap() {
      assertBroken(
          ZipRule.GAP_BETWEEN_ENTRIES,
          zipOf(
              deflated("a", TEXT).with(entry -> entry.gapAfter = new byte[1]),
              deflated("b", TEXT)));
      assertBroken(
          ZipRule.GAP_BETWEEN_ENTRIES,
          new ZipBuilder()
              .add(deflated("a", TEXT))
              .beforeDirectory(new byte[12])
              .build());
    }

    @Test
    void hasNoEntryThatReachesIntoTheDirectory() {
      assertBroken(
          ZipRule.OVERLAPPING_ENTRIES,
          zipOf(stored("a", TEXT).both(header -> header.compressedSize++)));
      assertBroken(
          ZipRule.OVERLAPPING_ENTRIES,
          zipOf(stored("a", TEXT).both(header -> header.compressedSize = 0xFFFF_FFFEL)));
      assertBroken(ZipRule.OVERLAPPING_ENTRIES, poke(zipOf(stored("a", "")), 26, 2, 2));
      assertBroken(ZipRule.OVERLAPPING_ENTRIES, poke(zipOf(stored("a", "")), 28, 2, 0xFFFF));
    }

    @ParameterizedTest
    @ValueSource(longs = {600, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFEL})
    void hasNoEntryThatStartsInOrBeyondTheDirectory(long offset) {
      Entry lost = stored("b", "");
      lost.withoutLocalHeader = true;
      lost.offset = offset;
      assertThat(zipOf(stored("a", "x".repeat(520)), lost)).hasSizeGreaterThan(600);
      assertBroken(ZipRule.LOCAL_HEADER_MISSING, zipOf(stored("a", "x".repeat(520)), lost));
    }

    @Test
    void hasALocalHeaderForEveryEntry() {
      Entry first = stored("a", TEXT);
      Entry second = stored("b", TEXT);
      int secondAt = first.localHeader().length + first.data.length;
      assertBroken(ZipRule.LOCAL_HEADER_MISSING, poke(zipOf(first, second), secondAt, 4, 0));
    }
  }

  @Nested
  class ALocalHeader {
    @Test
    void agreesWithTheDirectoryInEveryField() {
      List<Consumer<Header>> differences = List.of(
          header -> header.name = "b".getBytes(US_ASCII),
          header -> header.name = "ab".getBytes(US_ASCII),
          header -> header.method = 0,
          header -> header.flags = FLAG_UTF8,
          header -> header.flags = 1,
          header -> header.flags = 1 << 13,
          header -> header.crc++,
          header -> header.crc = 0,
          header -> header.compressedSize++,
          header -> header.compressedSize = 0,
          header -> header.size++,
          header -> header.size = 0);
      for (Consumer<Header> difference : differences) {
        assertBroken(
            ZipRule.LOCAL_HEADER_DISAGREES, zipWhere(entry -> difference.accept(entry.local)));
      }
    }

    @Test
    void announcesADataDescriptorOnlyIfTheDirectoryDoes() {
      assertBroken(
          ZipRule.LOCAL_HEADER_DISAGREES,
          zipOf(deflated("a", TEXT).streamed().with(entry -> entry.central.flags = 0)));
      assertBroken(
          ZipRule.LOCAL_HEADER_DISAGREES,
          zipOf(deflated("a", TEXT).streamed().with(entry -> entry.local.flags = 0)));
    }

    @Test
    void mayRepeatFieldsOfTheDataDescriptor() {
      List<Consumer<Header>> known = List.of(
          header -> header.crc = crc(TEXT.getBytes(US_ASCII)),
          header -> header.compressedSize = deflate(TEXT.getBytes(US_ASCII)).length,
          header -> header.size = TEXT.length());
      for (Consumer<Header> change : known) {
        assertSound(
            zipOf(deflated("a", TEXT).streamed().with(entry -> change.accept(entry.local))));
      }
    }

    @Test
    void agreesWithTheDataDescriptorInWhatItRepeats() {
      List<Consumer<Header>> differences = List.of(
          header -> header.crc = 1, header -> header.compressedSize = 1, header -> header.size = 1);
      for (Consumer<Header> difference : differences) {
        assertBroken(
            ZipRule.LOCAL_HEADER_DISAGREES,
            zipOf(deflated("a", TEXT).streamed().with(entry -> difference.accept(entry.local))));
      }
    }
  }

  @Nested
  class ADataDescriptor {
    @Test
    void isComplete() {
      Entry entry = deflated("a", TEXT).streamed();
      for (int length : new int[] {0, 4, 11, 12, 15}) {
        byte[] cut = Arrays.copyOf(entry.descriptor, length);
        assertBroken(
            ZipRule.DATA_DESCRIPTOR_DISAGREES,
            zipOf(deflated("a", TEXT).streamed().with(e -> e.descriptor = cut)));
      }
    }

    @Test
    void agreesWithTheDirectoryInEveryField() {
      Entry entry = deflated("a", TEXT).streamed();
      for (int field : new int[] {4, 8, 12}) {
        byte[] wrong = entry.descriptor.clone();
        wrong[field]++;
        assertBroken(
            ZipRule.DATA_DESCRIPTOR_DISAGREES,
            zipOf(deflated("a", TEXT).streamed().with(e -> e.descriptor = wrong)));
        assertBroken(
            ZipRule.DATA_DESCRIPTOR_DISAGREES,
            zipOf(deflated("a", TEXT)
                .streamed()
                .with(e -> e.descriptor = wrong)
                .with(ZipInspectorTest::dropSignature)));
      }
    }

    @Test
    void isFollowedByNothing() {
      assertBroken(
          ZipRule.GAP_BETWEEN_ENTRIES,
          zipOf(deflated("a", TEXT).streamed().with(entry -> entry.gapAfter = new byte[1])));
    }

    @Test
    void doesNotFollowStoredDataThatLooksLikeARecord() {
      Entry hidden = stored("hidden", TEXT);
      byte[] fake = concat(
          "x".getBytes(US_ASCII),
          bytes(16, 0x08074b50, crc("x".getBytes(US_ASCII)), 1, 1),
          hidden.localHeader(),
          hidden.data);
      assertBroken(ZipRule.AMBIGUOUS_STORED_DATA, zipOf(stored("a", fake).streamed()));
      for (long signature : new long[] {0x04034b50, 0x02014b50, 0x08074b50}) {
        assertBroken(
            ZipRule.AMBIGUOUS_STORED_DATA,
            zipOf(stored("a", bytes(4, signature)).streamed()));
      }
      // The same data is unambiguous if its length precedes it.
      assertSound(zipOf(stored("a", fake)));
      assertSound(zipOf(stored("a", TEXT).streamed()));
    }

    @Test
    void hasASignatureAfterStoredData() {
      assertBroken(
          ZipRule.AMBIGUOUS_STORED_DATA,
          zipOf(stored("a", TEXT).streamed().with(ZipInspectorTest::dropSignature)));
    }
  }

  @Nested
  class AnEntry {
    @ParameterizedTest
    @ValueSource(ints = {1, 1 << 6, 1 << 13, 1 | (1 << 6), 1 | (1 << 3)})
    void isNotEncrypted(int flags) {
      assertBroken(ZipRule.ENCRYPTED, zipWhereBoth(header -> header.flags = flags));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8, 9, 10, 12, 14, 15})
    void usesNoUnsupportedFlag(int bit) {
      assertBroken(ZipRule.UNSUPPORTED_FLAG, zipWhereBoth(header -> header.flags = 1 << bit));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 9, 12, 14, 93, 95, 98, 99, 0xFFFF})
    void isStoredOrDeflated(int method) {
      assertBroken(ZipRule.UNSUPPORTED_METHOD, zipWhereBoth(header -> header.method = method));
    }

    @ParameterizedTest
    @ValueSource(ints = {0120777, 0020644, 0060644, 0140755, 0170000, 0150000})
    void isNotALinkOrDevice(int mode) {
      assertBroken(ZipRule.LINK_OR_DEVICE, zipOf(stored("a", "/etc/passwd").unixMode(mode)));
    }

    @Test
    void isNotALinkOfAnotherSystem() {
      assertBroken(
          ZipRule.LINK_OR_DEVICE,
          zipOf(stored("a", "/etc/passwd").unixMode(0120777).with(entry -> entry.madeBy = 0x0014)));
      assertBroken(
          ZipRule.LINK_OR_DEVICE,
          zipOf(stored("a", "C:/")
              .with(entry -> entry.madeBy = 0x0a14)
              .with(entry -> entry.externalAttributes = 0x400)));
    }

    @Test
    void isNotALinkByLibarchivesAttributes() {
      byte[] link =
          extraField(0x6c78, new byte[] {7, 0x14, 3, 0, 0, 0, 0, (byte) 0xff, (byte) 0xa1});
      assertBroken(
          ZipRule.HIDDEN_ATTRIBUTES,
          zipOf(stored("a", "/etc/passwd").with(entry -> entry.local.extra = link)));
      assertBroken(
          ZipRule.HIDDEN_ATTRIBUTES,
          zipOf(stored("a", "/etc/passwd").with(entry -> entry.central.extra = link)));
    }

    @Test
    void hasNoChecksumInPlaceOfItsMode() {
      assertBroken(ZipRule.HIDDEN_ATTRIBUTES, zipWhere(entry -> entry.internalAttributes = 4));
      assertSound(zipWhere(entry -> entry.internalAttributes = 3));
    }

    @Test
    void isNotALinkByAnAsiUnixField() {
      for (int mode : new int[] {0120777, 0020644, 0140755}) {
        byte[] asi = asiUnix(mode, "");
        assertBroken(ZipRule.LINK_OR_DEVICE, zipWhere(entry -> entry.central.extra = asi));
        assertBroken(ZipRule.LINK_OR_DEVICE, zipWhere(entry -> entry.local.extra = asi));
      }
      byte[] target = asiUnix(0100644, "x");
      assertBroken(ZipRule.LINK_OR_DEVICE, zipWhere(entry -> entry.local.extra = target));
      byte[] device = poke(asiUnix(0100644, ""), 10, 4, 1);
      assertBroken(ZipRule.LINK_OR_DEVICE, zipWhere(entry -> entry.local.extra = device));
    }

    @Test
    void isNotALinkByAFieldOfPkware() {
      assertSound(zipWhereBoth(header -> header.extra = extraField(0x000d, new byte[12])));
      byte[] link = extraField(0x000d, new byte[13]);
      assertBroken(ZipRule.LINK_OR_DEVICE, zipWhere(entry -> entry.local.extra = link));
    }

    // PHP's PharData and zt-zip write it.
    @ParameterizedTest
    @ValueSource(ints = {0, 0644, 0100644, 0010600})
    void mayHaveTheModeOfAFileInAnAsiUnixField(int mode) {
      assertSound(zipWhereBoth(header -> header.extra = asiUnix(mode, "")));
    }

    @Test
    void hasAFoldersNameIfItHasTheModeOfAFolderInAnAsiUnixField() {
      byte[] folder = asiUnix(0040755, "");
      assertBroken(ZipRule.KIND_DISAGREES, zipWhere(entry -> entry.local.extra = folder));
      assertSound(zipOf(stored("a/", "").both(header -> header.extra = folder)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x03, 0x05, 0x0B})
    void isNotAVolumeLabel(int host) {
      ZipRule rule = host == 0x05 ? ZipRule.UNSUPPORTED_HOST : ZipRule.VOLUME_LABEL;
      assertBroken(rule, zipWhere(entry -> {
        entry.madeBy = host << 8;
        entry.externalAttributes = 8;
      }));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 20, 45})
    void mayNeedAVersionUpToThatOfZip64(int version) {
      assertSound(zipWhereBoth(header -> header.versionNeeded = version));
    }

    @ParameterizedTest
    @ValueSource(ints = {46, 63, 0x0314})
    void needsNoLaterVersion(int version) {
      assertBroken(
          ZipRule.UNSUPPORTED_VERSION, zipWhere(entry -> entry.central.versionNeeded = version));
      assertSound(zipWhere(entry -> entry.local.versionNeeded = version));
    }

    @Test
    void isOfACommonSystem() {
      List<Integer> common = List.of(0, 3, 7, 10, 11, 14, 19, 255);
      for (int host = 0; host <= 0xFF; host++) {
        int madeBy = (host << 8) | 20;
        byte[] zip = zipWhere(entry -> entry.madeBy = madeBy);
        if (common.contains(host)) {
          assertSound(zip);
        } else {
          assertBroken(ZipRule.UNSUPPORTED_HOST, zip);
        }
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0104755, 0102755, 0101644, 04755})
    void hasNoSpecialBitInItsModeIfItIsAFile(int mode) {
      assertBroken(ZipRule.SPECIAL_MODE, zipWhere(entry -> entry.unixMode(mode)));
      assertBroken(
          ZipRule.SPECIAL_MODE, zipWhere(entry -> entry.central.extra = asiUnix(mode, "")));
      assertSound(zipOf(stored("a/", "").unixMode(mode & 07777)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0100000, 0100333, 0200})
    void isReadableByItsOwnerIfItIsAFileWithAMode(int mode) {
      assertBroken(ZipRule.UNREADABLE_MODE, zipWhere(entry -> entry.unixMode(mode)));
      assertSound(zipWhere(entry -> entry.unixMode(0100400)));
      assertSound(zipWhere(entry -> entry.unixMode(0)));
    }

    @Test
    void hasAFoldersNameIfItHasAFoldersAttributes() {
      assertBroken(ZipRule.KIND_DISAGREES, zipOf(stored("a", TEXT).unixMode(0040755)));
      assertBroken(
          ZipRule.KIND_DISAGREES,
          zipOf(stored("a", TEXT).with(entry -> entry.externalAttributes = 0x10)));
      assertSound(zipOf(stored("a/", "").unixMode(0040755)));
    }

    @Test
    void hasNoDataIfItIsAFolder() {
      assertBroken(ZipRule.FOLDER_WITH_DATA, zipOf(stored("a/", TEXT)));
      assertBroken(ZipRule.FOLDER_WITH_DATA, zipOf(deflated("a/", TEXT)));
      // Java deflates folders, to two bytes.
      assertSound(zipOf(deflated("a/", "").streamed()));
    }

    @Test
    void hasExtraFieldsThatLibarchiveAndUnzipCanRead() {
      List<byte[]> cut = List.of(
          extraField(0x5455, new byte[0]),
          extraField(0x9901, new byte[6]),
          extraField(0x756e, new byte[13]),
          extraField(0x000d, new byte[11]));
      for (byte[] extra : cut) {
        assertBroken(ZipRule.EXTRA_FIELD_MALFORMED, zipWhere(entry -> entry.local.extra = extra));
        assertBroken(ZipRule.EXTRA_FIELD_MALFORMED, zipWhere(entry -> entry.central.extra = extra));
      }
    }

    @Test
    void hasWellFormedExtraFields() {
      byte[] field = extraField(0x5455, new byte[5]);
      for (int length : new int[] {1, 2, 3, 4, 8}) {
        byte[] cut = Arrays.copyOf(field, length);
        assertBroken(ZipRule.EXTRA_FIELD_MALFORMED, zipWhere(entry -> entry.local.extra = cut));
        assertBroken(ZipRule.EXTRA_FIELD_MALFORMED, zipWhere(entry -> entry.central.extra = cut));
      }
    }
  }

  @Nested
  class AName {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "/etc/passwd | ABSOLUTE_NAME",
          "/ | ABSOLUTE_NAME",
          "//server/share | ABSOLUTE_NAME",
          ".. | PARENT_FOLDER_IN_NAME",
          "../a | PARENT_FOLDER_IN_NAME",
          "a/../../b | PARENT_FOLDER_IN_NAME",
          "a/.. | PARENT_FOLDER_IN_NAME",
          "a\\b | BACKSLASH_IN_NAME",
          "..\\a | BACKSLASH_IN_NAME",
          "\\\\server\\share | BACKSLASH_IN_NAME",
          "C:/a | DRIVE_LETTER_IN_NAME",
          "c:a | DRIVE_LETTER_IN_NAME",
          "'' | EMPTY_NAME",
          ". | EMPTY_NAME",
          "a/. | EMPTY_NAME",
          "a;1 | FILE_VERSION_IN_NAME",
          "logs/a; | FILE_VERSION_IN_NAME",
          "CON | DEVICE_IN_NAME",
          "logs/nul.txt | DEVICE_IN_NAME",
          "lpt9 .a/b | DEVICE_IN_NAME",
          "Aux:a | DEVICE_IN_NAME",
          "com¹ | DEVICE_IN_NAME",
          "a. | TRAILING_DOT_OR_SPACE_IN_NAME",
          "... | TRAILING_DOT_OR_SPACE_IN_NAME",
          "a /b | TRAILING_DOT_OR_SPACE_IN_NAME",
        })
    void isWrittenAsItIsAndInsideTheFolder(String name, ZipRule rule) {
      assertBroken(rule, zipOf(deflated(name, TEXT)));
      assertBroken(rule, zipOf(deflated(name, TEXT).both(header -> header.flags |= FLAG_UTF8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0.log", "a\n", "\u001b[31m", "a\u007f", "a\u0085"})
    void hasNoControlCharacter(String name) {
      assertBroken(ZipRule.CONTROL_CHARACTER_IN_NAME, zipOf(deflated(name, TEXT)));
    }

    @Test
    void isValidUtf8IfItIsMarkedAsUtf8() {
      List<byte[]> invalid = List.of(
          new byte[] {(byte) 0xff},
          new byte[] {(byte) 0xc0, (byte) 0xaf}, // an overlong slash
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}); // a surrogate
      for (byte[] name : invalid) {
        assertBroken(ZipRule.NAME_NOT_UTF8, zipOf(deflated("", TEXT).both(header -> {
          header.name = name;
          header.flags = FLAG_UTF8;
        })));
      }
    }

    @Test
    void isNoLongerThanAPathCanBe() {
      assertSound(zipOf(deflated("folder/".repeat(146) + "ab", TEXT)));
      assertBroken(ZipRule.NAME_TOO_LONG, zipOf(deflated("folder/".repeat(146) + "abc", TEXT)));
      assertSound(zipOf(deflated("a".repeat(255) + "/" + "b".repeat(255), TEXT)));
      assertBroken(ZipRule.NAME_TOO_LONG, zipOf(deflated("é".repeat(128), TEXT)));
      assertBroken(ZipRule.NAME_TOO_LONG, zipOf(deflated("a".repeat(256) + "/b", TEXT)));
    }

    @ParameterizedTest
    @CsvSource({
      "a.log, a.log",
      "a.log, A.LOG",
      "straße, STRASSE",
      "σ, ς",
      "\u00e9, e\u0301",
      "\u00c9, e\u0301",
      "a, a/",
      "a/b, a//b",
      "a/b, ./a/./b",
      "a, a\u200d",
      "\ufeffa, a",
      "1:30, 1_30",
      "a?, a*",
    })
    void isUniqueOnEveryFileSystem(String one, String other) {
      assertBroken(
          ZipRule.DUPLICATE_NAME, zipOf(stored(one, ""), stored("between", ""), stored(other, "")));
      assertBroken(
          ZipRule.DUPLICATE_NAME,
          zipOf(
              stored(one, "").both(header -> header.flags |= FLAG_UTF8),
              stored(other, "").both(header -> header.flags |= FLAG_UTF8)));
    }

    @Test
    void isUniqueInEveryDecoding() {
      byte[] upper = {(byte) 0x90}; // E and e with an acute accent, in code page 437
      byte[] lower = {(byte) 0x82};
      assertBroken(
          ZipRule.DUPLICATE_NAME,
          zipOf(
              stored("", "").both(header -> header.name = upper),
              stored("", "").both(header -> header.name = lower)));
      assertBroken(
          ZipRule.DUPLICATE_NAME,
          zipOf(
              stored("", "").both(header -> header.name = lower),
              stored("é", "").both(header -> header.flags |= FLAG_UTF8)));
    }

    /** Windows programs write Greek like this. The name alone is "á.log" in code page 437 and "α.log" in 737. */
    @Test
    void mayBeInACountrysCodePageWithAUnicodePath() {
      byte[] name = {(byte) 0xa0, '/', (byte) 0x98, '.', 'l', 'o', 'g'};
      byte[] path = unicodePath(name, "Ι/α.log");
      Consumer<Header> named = header -> header.name = name;
      assertSound(zipOf(deflated("", TEXT).both(named.andThen(header -> header.extra = path))));
      assertSound(zipOf(deflated("", TEXT).both(named).with(entry -> entry.central.extra = path)));
      assertBroken(
          ZipRule.UNICODE_PATH_DISAGREES,
          zipOf(deflated("", TEXT).both(named).with(entry -> entry.local.extra = path)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"α.log", "Ι/α/b.log", "Ι/α.log/", "/Ι.log", "Ι/"})
    void isInTheSameFoldersAsItsUnicodePath(String path) {
      byte[] name = {(byte) 0xa0, '/', (byte) 0x98, '.', 'l', 'o', 'g'};
      assertBroken(ZipRule.UNICODE_PATH_DISAGREES, zipOf(deflated("", TEXT).both(header -> {
        header.name = name;
        header.extra = unicodePath(name, path);
      })));
    }

    @Test
    void keepsTheRulesInItsUnicodePathToo() {
      byte[] name = {(byte) 0xa0, '/', (byte) 0x98};
      assertBroken(ZipRule.PARENT_FOLDER_IN_NAME, zipOf(deflated("", TEXT).both(header -> {
        header.name = name;
        header.extra = unicodePath(name, "../a");
      })));
      assertBroken(
          ZipRule.DUPLICATE_NAME, zipOf(stored("Ι/α", ""), deflated("", TEXT).both(header -> {
            header.name = name;
            header.extra = unicodePath(name, "Ι/α");
          })));
    }

    @Test
    void isUniqueWhereUnzipTranslatesIt() {
      assertBroken(ZipRule.DUPLICATE_NAME, zipOf(raw(0x0014, 0xB0), raw(0x0014, 0xB1)));
      assertBroken(ZipRule.DUPLICATE_NAME, zipOf(raw(0x0B32, 0xB9), raw(0x0014, 0xBA)));
      assertBroken(ZipRule.DUPLICATE_NAME, zipOf(raw(0x0014, 0xDC), stored("_", "")));
      assertBroken(ZipRule.DUPLICATE_NAME, zipOf(raw(0x0314, 'a', 0xFF), stored("a", "")));
      assertBroken(ZipRule.DUPLICATE_NAME, zipOf(raw(0x0014, 'a', 0x98), stored("a", "")));
      assertBroken(ZipRule.PARENT_FOLDER_IN_NAME, zipOf(raw(0x0314, '.', '.', 0xFF, '/', 'a')));
      assertBroken(ZipRule.DUPLICATE_NAME, zipOf(ofJava("屰"), ofJava("山")));
      assertSound(zipOf(ofJava("Â"), ofJava("Ð")));
      assertSound(zipOf(raw(0x0314, 0xB0), raw(0x0314, 0xB1)));
      assertSound(zipOf(raw(0x0B14, 0xB9), raw(0x0B14, 0xBA)));
    }

    @Test
    void isNotTheFolderOfAnotherEntryIfItIsAFile() {
      Entry folder = stored("a/", "");
      assertBroken(ZipRule.FILE_AS_FOLDER, zipOf(stored("a", TEXT), stored("a/b.log", TEXT)));
      assertBroken(ZipRule.FILE_AS_FOLDER, zipOf(stored("a/b/c/", ""), stored("A", TEXT)));
      assertBroken(
          ZipRule.FILE_AS_FOLDER, zipOf(stored("a.b", ""), stored("a/b", ""), stored("a/b/c", "")));
      assertSound(zipOf(folder, stored("a/b/c", ""), stored("a.log", ""), stored("a/b.log", "")));
    }

    @Test
    void isNotContradictedByAUnicodePath() {
      byte[] name = "a".getBytes(US_ASCII);
      byte[] otherVersion = unicodePath(name, "a");
      otherVersion[4] = 2;
      List<byte[]> contradictions = List.of(
          unicodePath(name, "b"),
          unicodePath(name, "../a"),
          unicodePath(name, ""),
          unicodePath("b".getBytes(US_ASCII), "a"),
          otherVersion,
          concat(unicodePath(name, "a"), unicodePath(name, "b")));
      for (byte[] extra : contradictions) {
        assertBroken(
            ZipRule.UNICODE_PATH_DISAGREES, zipWhere(entry -> entry.central.extra = extra));
        assertBroken(ZipRule.UNICODE_PATH_DISAGREES, zipWhere(entry -> entry.local.extra = extra));
      }
    }

    @Test
    void isNotContradictedByAnInvalidUnicodePath() {
      byte[] name = {(byte) 0x82};
      byte[] path = unicodePath(name, "x");
      path[path.length - 1] = (byte) 0x82;
      assertBroken(ZipRule.UNICODE_PATH_DISAGREES, zipOf(deflated("", TEXT).both(header -> {
        header.name = name;
        header.extra = path;
      })));
    }

    @Test
    void hasNoTruncatedUnicodePath() {
      byte[] path = extraField(0x7075, new byte[] {1, 0, 0, 0});
      assertBroken(ZipRule.EXTRA_FIELD_MALFORMED, zipWhere(entry -> entry.central.extra = path));
    }
  }

  @Nested
  class TheContents {
    @Test
    void areAtMostAThousandFiles() {
      assertBroken(ZipRule.TOO_MANY_ENTRIES, zipOf(entries(1_001)));
      Entry[] empty = IntStream.range(0, 13_000)
          .mapToObj(i -> stored(Integer.toString(i, 36), ""))
          .toArray(Entry[]::new);
      assertBroken(ZipRule.TOO_MANY_ENTRIES, zipOf(empty));
    }

    @Test
    void areAtMost100MegabytesInOneEntry() {
      assertBroken(ZipRule.CONTENTS_TOO_LARGE, zipOf(deflated("a", new byte[100_000_001])));
    }

    @Test
    void areAtMost100MegabytesInAll() {
      byte[] content = new byte[1_000_000];
      Entry[] parts = IntStream.range(0, 101)
          .mapToObj(i -> deflated("part" + i, content))
          .toArray(Entry[]::new);
      assertBroken(ZipRule.CONTENTS_TOO_LARGE, zipOf(parts));
      assertSound(zipOf(Arrays.copyOf(parts, 100)));
    }

    @Test
    void areNotUnpackedBeyondTheirDeclaredSize() {
      byte[] whole = deflate(compressibleBytes(100_000));
      byte[] data = Arrays.copyOf(whole, whole.length - 1);
      // The end is missing, and is never reached.
      assertBroken(
          ZipRule.WRONG_LENGTH,
          zipOf(withData(deflated("a", TEXT), data).both(header -> header.size = 100)));
    }

    @Test
    void areAsLongAsTheDirectorySays() {
      for (int difference : new int[] {-1, 1}) {
        assertBroken(ZipRule.WRONG_LENGTH, zipWhereBoth(header -> header.size += difference));
        assertBroken(
            ZipRule.WRONG_LENGTH,
            zipOf(stored("a", TEXT).both(header -> header.size += difference)));
      }
    }

    @Test
    void matchTheirChecksum() {
      assertBroken(ZipRule.WRONG_CHECKSUM, zipWhereBoth(header -> header.crc ^= 1));
      assertBroken(
          ZipRule.WRONG_CHECKSUM, zipOf(stored("a", TEXT).both(header -> header.crc ^= 1)));
      assertBroken(
          ZipRule.WRONG_CHECKSUM,
          zipOf(deflated("ok", TEXT), deflated("a", TEXT).both(header -> header.crc = 0)));
    }

    @Test
    void endWithTheDeflateStream() {
      byte[] data = concat(deflate(TEXT.getBytes(US_ASCII)), "hidden".getBytes(US_ASCII));
      assertBroken(ZipRule.DATA_AFTER_DEFLATE, zipOf(withData(deflated("a", TEXT), data)));
      assertBroken(
          ZipRule.DATA_AFTER_DEFLATE, zipOf(withData(deflated("a", TEXT), data).streamed()));
    }

    @Test
    void endNoEarlierThanTheDeflateStream() {
      byte[] whole = deflate(TEXT.getBytes(US_ASCII));
      for (int length = 0; length < whole.length; length++) {
        byte[] data = Arrays.copyOf(whole, length);
        assertBroken(ZipRule.TRUNCATED_DATA, zipOf(withData(deflated("a", TEXT), data)));
      }
    }
  }

  @Nested
  class AnyBytes {
    @Test
    void doNotHangTheInspection() {
      byte[] signatures = new byte[1_048_576];
      for (int at = 0; at + 4 <= signatures.length; at += 4) {
        System.arraycopy(bytes(4, 0x06054b50), 0, signatures, at, 4);
      }
      // Marks that normalization has to reorder, which is its worst case.
      String marks = ("a" + "\u0315\u0300".repeat(60) + "/").repeat(4);
      Entry[] longNames =
          IntStream.range(0, 100).mapToObj(i -> stored(marks + i, "")).toArray(Entry[]::new);
      byte[] emptyBlocks = new byte[1_000_000];
      for (int at = 0; at + 5 <= emptyBlocks.length; at += 5) {
        emptyBlocks[at + 3] = (byte) 0xFF;
        emptyBlocks[at + 4] = (byte) 0xFF;
      }

      assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
        assertBroken(ZipRule.TRUNCATED, signatures);
        assertSound(zipOf(longNames));
        assertBroken(ZipRule.TRUNCATED_DATA, zipOf(withData(deflated("a", TEXT), emptyBlocks)));
      });
    }
  }

  @Nested
  class ARule {
    @ParameterizedTest
    @EnumSource
    void hasAnIdForProgramsAndAnExplanationForPeople(ZipRule rule) {
      assertThat(rule.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
      assertThat(rule.explanation()).matches("[A-Z].*\\.");
    }

    @Test
    void namesTheEntryThatBreaksIt() {
      byte[] zip = zipOf(stored("logs/a", ""), stored("logs/current", "a").unixMode(0120777));
      assertThat(explanationOf(zip)).endsWith("The entry is \"logs/current\".");
      byte[] damaged =
          zipOf(deflated("ok", TEXT), deflated("a", TEXT).both(header -> header.crc = 0));
      assertThat(explanationOf(damaged)).endsWith("The entry is \"a\".");
    }

    @Test
    void namesAnEntryOfAnyNameInPrintableCharacters() {
      assertThat(explanationOf(zipOf(stored("a\u001b[31m\n", ""))))
          .endsWith("The entry is \"a\ufffd[31m\ufffd\".");
      assertThat(explanationOf(zipOf(stored("/" + "a".repeat(300), ""))))
          .endsWith("/" + "a".repeat(199) + "…\".");
    }

    @Test
    void hasAUniqueId() {
      assertThat(Stream.of(ZipRule.values()).map(ZipRule::id)).doesNotHaveDuplicates();
    }
  }

  private static void assertSound(byte[] zip) {
    assertThat(ZipInspector.firstBrokenRule(zip)).isEmpty();
  }

  private static void assertBroken(ZipRule rule, byte[] zip) {
    assertThat(brokenRule(zip)).contains(rule);
  }

  private static Optional<ZipRule> brokenRule(byte[] zip) {
    return ZipInspector.firstBrokenRule(zip).map(BrokenRule::rule);
  }

  private static String explanationOf(byte[] zip) {
    return ZipInspector.firstBrokenRule(zip).orElseThrow().explanation();
  }

  /** The start of zip64's extra field with both sizes, or that field with zeros after it. */
  private static byte[] sizes(Header header, int length) {
    byte[] both = bytes(16, header.size, 0, header.compressedSize, 0);
    return extraField(0x0001, Arrays.copyOf(both, length));
  }

  private static void leaveSizesToZip64(Header header) {
    header.extra = sizes(header, 16);
    header.size = 0xFFFF_FFFFL;
    header.compressedSize = 0xFFFF_FFFFL;
  }

  /** As streamed with zip64: the sizes in the data descriptor have 64 bits. */
  private static Entry longDescriptor(Entry entry) {
    entry.streamed();
    entry.local.extra = extraField(0x0001, new byte[16]);
    entry.descriptor = bytes(
        24, 0x08074b50, entry.central.crc, entry.central.compressedSize, 0, entry.central.size, 0);
    return entry;
  }

  /** The archive with zip64's end record and locator, which repeat its end record. */
  private static byte[] withZip64End(ZipBuilder archive) {
    byte[] zip = archive.build();
    int at = zip.length - 22;
    byte[] end = Arrays.copyOfRange(zip, at, zip.length);
    ByteBuffer numbers = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    int entries = numbers.getShort(10);
    byte[] record = bytes(
        56,
        0x06064b50,
        44,
        0,
        45,
        0,
        0,
        entries,
        0,
        entries,
        0,
        numbers.getInt(12),
        0,
        numbers.getInt(16),
        0);
    byte[] locator = bytes(20, 0x07064b50, 0, at, 0, 1);
    return concat(Arrays.copyOf(zip, at), record, locator, end);
  }

  /** As Java writes it: deflated entries and folders with data descriptors, a stored entry without. */
  private static byte[] javaZip() throws IOException {
    byte[] text = TEXT.getBytes(US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry("logs/"));
      out.putNextEntry(new ZipEntry("logs/Größe 日志.log"));
      out.write(text);
      out.putNextEntry(new ZipEntry("empty"));
      ZipEntry stored = new ZipEntry("stored.log");
      stored.setMethod(ZipEntry.STORED);
      stored.setSize(text.length);
      stored.setCrc(crc(text));
      out.putNextEntry(stored);
      out.write(text);
    }
    return bytes.toByteArray();
  }

  /** A zip with one deflated entry, which is sound except for this change. */
  private static byte[] zipWhere(Consumer<Entry> change) {
    return zipOf(deflated("a", TEXT).with(change));
  }

  /** The same, with the change in both headers. */
  private static byte[] zipWhereBoth(Consumer<Header> change) {
    return zipOf(deflated("a", TEXT).both(change));
  }

  private static Entry[] entries(int count) {
    return IntStream.range(0, count).mapToObj(i -> deflated("log" + i, TEXT)).toArray(Entry[]::new);
  }

  /** Zeros with some noise among them. */
  private static byte[] compressibleBytes(int length) {
    byte[] content = new byte[length];
    Random random = new Random(SEED);
    for (int at = 0; at < length; at += 100) {
      content[at] = (byte) random.nextInt();
    }
    return content;
  }

  private static Entry withData(Entry entry, byte[] data) {
    entry.data = data;
    return entry.both(header -> header.compressedSize = data.length);
  }

  /** As Java writes it: made on DOS, and marked as UTF-8. */
  private static Entry ofJava(String name) {
    return stored(name, "").both(header -> header.flags = FLAG_UTF8).with(it -> it.madeBy = 20);
  }

  /** An empty entry whose name has these bytes. */
  private static Entry raw(int madeBy, int... name) {
    byte[] bytes = new byte[name.length];
    for (int i = 0; i < name.length; i++) {
      bytes[i] = (byte) name[i];
    }
    return stored("", "").both(header -> header.name = bytes).with(entry -> entry.madeBy = madeBy);
  }

  private static void unlist(Entry entry) {
    entry.withoutCentralHeader = true;
  }

  private static void dropSignature(Entry entry) {
    entry.descriptor = Arrays.copyOfRange(entry.descriptor, 4, 16);
  }
}
