package io.fleetwell.firmware;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.paging.Page;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultySystem;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.faults.StaleSystem;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the contract of {@link FirmwareStore} with DynamoDB. */
@ExtendWith(StaleSystem.class)
class FirmwareStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00.123Z");

  private static final Actor OLGA = new Actor(new Principal(Kind.OPERATOR, "olga", NOW), "request");

  private final FaultySystem stale;
  private final LocalSystem system;
  private final FirmwareStore store;
  private final String type = unique("speaker");
  private final ProductLine eu = new ProductLine(type, "eu");
  private final ProductLine everywhere = new ProductLine(type, ProductLine.EVERY_REGION);

  FirmwareStoreTest(FaultySystem stale, LocalSystem system, Aws aws) {
    this.stale = stale;
    this.system = system;
    this.store = DynamoDbFirmwareStore.from(aws);
  }

  private static Firmware firmware(
      ProductLine line, String version, boolean test, Instant published) {
    return new Firmware(
        line,
        Version.parse(version).readable().orElseThrow(),
        "https://firmware.example.com/" + version,
        Optional.empty(),
        false,
        test,
        List.of(),
        published);
  }

  private static Firmware firmware(ProductLine line, String version) {
    return firmware(line, version, false, NOW);
  }

  private Firmware withEverything() {
    return new Firmware(
        everywhere,
        Version.parse("v1.02-RC1+build.7").readable().orElseThrow(),
        "https://firmware.example.com/1.bin?a=b%20c",
        Optional.of(SerialPattern.compile("(?i)序列号[0-9]{4}\\.*")),
        true,
        true,
        List.of(new ReleaseNote("zh-Hans", "预设加载更快。\n🎵\u0000"), new ReleaseNote("en", "")),
        NOW);
  }

  private Firmware published(Firmware firmware) {
    assertThat(store.publish(firmware, OLGA)).isTrue();
    return firmware;
  }

  @Test
  void aLineWithoutFirmwareIsEmpty() {
    assertThat(store.line(eu)).isEmpty();
  }

  @Test
  void publishedFirmwareIsReadUnchanged() {
    Firmware firmware = published(withEverything());
    assertThat(store.line(everywhere)).containsExactly(firmware);
  }

  @Test
  void publishedFirmwareIsListedUnchanged() {
    Firmware firmware = published(withEverything());
    assertThat(list(Optional.empty(), 10).items()).containsExactly(firmware);
  }

  @Test
  void publishingTwiceKeepsTheFirstRecord() {
    Firmware first = published(firmware(eu, "2.0"));
    assertThat(store.publish(firmware(eu, "2.0.0", false, NOW.plusSeconds(1)), OLGA))
        .isFalse();
    assertThat(store.line(eu)).containsExactly(first);
  }

  @Test
  void ofManyConcurrentPublicationsOneSucceeds() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Boolean> publish = () -> store.publish(firmware(eu, "1.0"), OLGA);
      List<Boolean> kept = new ArrayList<>();
      for (Future<Boolean> answer : threads.invokeAll(Collections.nCopies(32, publish))) {
        kept.add(answer.get());
      }
      assertThat(kept).containsOnlyOnce(true);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aPublicationWithALostResponseSucceeds() throws Exception {
    URI target = URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT));
    Faults lost = Faults.first(1, "TransactWriteItems", Fault.LOST_ANSWER);
    try (FaultyWire wire = new FaultyWire(target, lost);
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      assertThat(DynamoDbFirmwareStore.from(aws).publish(firmware(eu, "1.0"), OLGA))
          .isTrue();
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
  }

  @Test
  void withdrawnFirmwareIsGone() {
    Firmware withdrawn = published(firmware(eu, "1.0"));
    Firmware other = published(firmware(eu, "2.0"));
    store.withdraw(withdrawn, OLGA, NOW);
    assertThat(store.line(eu)).containsExactly(other);
    assertThat(list(Optional.empty(), 10).items()).containsExactly(other);
  }

  @Test
  void withdrawingUnknownFirmwareChangesNothing() {
    Firmware other = published(firmware(eu, "2.0"));
    store.withdraw(firmware(eu, "1.0"), OLGA, NOW);
    assertThat(store.line(eu)).containsExactly(other);
  }

  @Test
  void firmwareIsWithdrawnOnce() {
    Firmware firmware = published(firmware(eu, "1.0"));
    assertThat(store.withdraw(firmware, OLGA, NOW)).isTrue();
    assertThat(store.withdraw(firmware, OLGA, NOW)).isFalse();
  }

  @Test
  void aLateWithdrawalLeavesWhatWasPublishedSince() {
    Firmware early = published(firmware(eu, "1.0"));
    store.withdraw(early, OLGA, NOW);
    Firmware anew = published(firmware(eu, "1.0", false, NOW.plusSeconds(1)));
    assertThat(store.withdraw(early, OLGA, NOW)).isFalse();
    assertThat(store.line(eu)).containsExactly(anew);
  }

  @Test
  void withdrawnFirmwareCanBePublishedAgain() {
    store.withdraw(published(firmware(eu, "1.0")), OLGA, NOW);
    Firmware anew = published(firmware(eu, "1.0", false, NOW.plusSeconds(1)));
    assertThat(store.line(eu)).containsExactly(anew);
  }

  @Test
  void aLineHasExactlyOneTypeAndOneRegion() {
    Firmware firmware = published(firmware(eu, "1.0"));
    published(firmware(everywhere, "1.0"));
    published(firmware(new ProductLine(type, "eu2"), "1.0"));
    published(firmware(new ProductLine(type + " eu", "eu"), "1.0"));
    assertThat(store.line(eu)).containsExactly(firmware);
  }

  @Test
  void aLineHasItsRegionInAnyCaseAndKeepsHowItWasWritten() {
    Firmware upper = published(firmware(new ProductLine(type, "EU"), "1.0"));
    Firmware mixed = published(firmware(new ProductLine(type, "Eu"), "2.0"));
    for (String region : List.of("eu", "EU", "eU")) {
      assertThat(store.line(new ProductLine(type, region))).containsExactlyInAnyOrder(upper, mixed);
    }
    assertThat(store.publish(firmware(eu, "1.0"), OLGA)).isFalse();
  }

  /** An item as earlier releases stored it, under the region as it was written. */
  private Firmware storedByAnEarlierRelease(String region, String version) throws Exception {
    Firmware firmware = published(firmware(new ProductLine(type, region), version));
    String written = type + "\t" + region;
    FirmwareId id = new FirmwareId(firmware.line(), firmware.id().digest());
    try (Aws aws = new Aws(system.environment(), Clock.systemUTC())) {
      String table = system.environment().get("FIRMWARE_TABLE");
      Map<String, AttributeValue> key = Map.of(
          "line", AttributeValue.fromS(type + "\t" + region.toLowerCase(Locale.ROOT)),
          "digest", AttributeValue.fromS(id.digest()));
      Map<String, AttributeValue> item = new HashMap<>(aws.dynamoDb()
          .getItem(get -> get.tableName(table).key(key).consistentRead(true))
          .item());
      aws.dynamoDb().deleteItem(delete -> delete.tableName(table).key(key));
      item.put("line", AttributeValue.fromS(written));
      aws.dynamoDb().putItem(put -> put.tableName(table).item(item));
    }
    return new Firmware(
        firmware.line(),
        firmware.version(),
        firmware.downloadUrl(),
        firmware.serialPattern(),
        firmware.mandatory(),
        firmware.test(),
        firmware.releaseNotes(),
        firmware.published(),
        id);
  }

  @ParameterizedTest
  @CsvSource({"DK, DK", "DK, dk", "DK, Dk", "dk, DK", "en-Gb, en-Gb"})
  void firmwareOfAnEarlierReleaseReachesItsDevices(String stored, String own) throws Exception {
    Firmware early = storedByAnEarlierRelease(stored, "1.0");
    Firmware recent = published(firmware(new ProductLine(type, own), "2.0"));
    assertThat(store.line(new ProductLine(type, own))).containsExactlyInAnyOrder(early, recent);
  }

  @Test
  void firmwareOfAnEarlierReleaseIsWithdrawnByItsOwnId() throws Exception {
    Firmware early = storedByAnEarlierRelease("DK", "1.0");
    assertThat(FirmwareId.parse(early.id().text())).contains(early.id());
    store.withdraw(early, OLGA, NOW);
    assertThat(store.line(new ProductLine(type, "DK"))).isEmpty();
  }

  @Test
  void aLineLargerThanOneReadIsReadCompletely() {
    List<Firmware> all = publishLarge(20);
    assertThat(store.line(eu)).containsExactlyInAnyOrderElementsOf(all);
  }

  /** Publishes more than DynamoDB returns for one query, which is 1 MB. */
  private List<Firmware> publishLarge(int count) {
    List<ReleaseNote> notes = List.of(new ReleaseNote("en", "x".repeat(60_000)));
    List<Firmware> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Firmware small = firmware(eu, "1." + i, false, NOW.plusMillis(i));
      all.add(published(new Firmware(
          eu,
          small.version().readable().orElseThrow(),
          small.downloadUrl(),
          Optional.empty(),
          false,
          false,
          notes,
          small.published())));
    }
    return all;
  }

  private FirmwareSelection ofType() {
    return new FirmwareSelection(
        Optional.of(type), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Page<Firmware> list(Optional<CataloguePosition> after, int limit) {
    return list(ofType(), after, limit);
  }

  /** A list may lack the last changes: DynamoDB updates its index later. */
  private Page<Firmware> list(
      FirmwareSelection selection, Optional<CataloguePosition> after, int limit) {
    stale.indexesCatchUp();
    return store.list(selection, after, limit);
  }

  private List<Firmware> pages(FirmwareSelection selection, int limit) {
    List<Firmware> all = new ArrayList<>();
    Page<Firmware> page = list(selection, Optional.empty(), limit);
    all.addAll(page.items());
    while (page.more()) {
      assertThat(page.items()).hasSize(limit);
      page = list(selection, Optional.of(CataloguePosition.of(all.get(all.size() - 1))), limit);
      all.addAll(page.items());
    }
    return all;
  }

  /** Publishes five records, in the order of a list. */
  private List<Firmware> publishFive() {
    ProductLine asia = new ProductLine(type, "asia");
    List<Firmware> five = List.of(
        firmware(everywhere, "1.0", true, NOW.plusMillis(9)),
        firmware(asia, "2.0", false, NOW),
        firmware(eu, "3.0", false, NOW.minusSeconds(1)),
        firmware(eu, "1.0", false, NOW),
        firmware(eu, "2.0.0", true, NOW.plusMillis(1)));
    for (int i : new int[] {3, 0, 4, 1, 2}) {
      published(five.get(i));
    }
    return five;
  }

  @Test
  void aListIsOrderedByRegionAndPublication() {
    List<Firmware> five = publishFive();
    assertThat(list(Optional.empty(), 100).items()).containsExactlyElementsOf(five);
  }

  @Test
  void aListOfAllTypesIsOrderedByType() {
    List<Firmware> ours = new ArrayList<>();
    for (String suffix : List.of("", " a", "-b", "é", "中", "🔊")) {
      ours.add(firmware(new ProductLine(type + suffix, "eu"), "7.7.7"));
    }
    List<Firmware> shuffled = new ArrayList<>(ours);
    Collections.reverse(shuffled);
    shuffled.forEach(this::published);
    FirmwareSelection anyType = new FirmwareSelection(
        Optional.empty(),
        Optional.empty(),
        Version.parse("7.7.7").readable(),
        Optional.empty(),
        Optional.of(false));
    assertThat(pages(anyType, 4)).filteredOn(ours::contains).containsExactlyElementsOf(ours);
  }

  @Test
  void aListExcludesTypesAndRegionsWithTheSamePrefix() {
    Firmware firmware = published(firmware(eu, "1.0"));
    published(firmware(new ProductLine(type, "eu2"), "1.0"));
    published(firmware(new ProductLine(type + " 2", "eu"), "1.0"));
    FirmwareSelection selection = new FirmwareSelection(
        Optional.of(type), Optional.of("eu"), Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(list(selection, Optional.empty(), 10).items()).containsExactly(firmware);
  }

  @Test
  void aListIsFilteredByExactRegion() {
    List<Firmware> five = publishFive();
    FirmwareSelection selection = new FirmwareSelection(
        Optional.of(type),
        Optional.of(ProductLine.EVERY_REGION),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
    assertThat(list(selection, Optional.empty(), 10).items()).containsExactly(five.get(0));
  }

  @Test
  void aListIsFilteredByRegionInAnyCase() throws Exception {
    List<Firmware> five = publishFive();
    Firmware early = storedByAnEarlierRelease("Eu", "9.0");
    for (String region : List.of("eu", "EU", "eU")) {
      FirmwareSelection selection = new FirmwareSelection(
          Optional.of(type),
          Optional.of(region),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
      assertThat(pages(selection, 1)).containsExactly(early, five.get(2), five.get(3), five.get(4));
    }
  }

  @Test
  void aListIsFilteredByVersionInAnySpelling() {
    List<Firmware> five = publishFive();
    FirmwareSelection selection = new FirmwareSelection(
        Optional.of(type),
        Optional.empty(),
        Version.parse("v2").readable(),
        Optional.empty(),
        Optional.empty());
    assertThat(list(selection, Optional.empty(), 10).items())
        .containsExactly(five.get(1), five.get(4));
  }

  @Test
  void aListIsFilteredByTest() {
    List<Firmware> five = publishFive();
    FirmwareSelection selection = new FirmwareSelection(
        Optional.of(type), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));
    assertThat(list(selection, Optional.empty(), 10).items())
        .containsExactly(five.get(0), five.get(4));
  }

  @Test
  void aListOfAllTypesIsFilteredByRegion() {
    List<Firmware> five = publishFive();
    FirmwareSelection selection = new FirmwareSelection(
        Optional.empty(),
        Optional.of("asia"),
        Version.parse("2.0").readable(),
        Optional.empty(),
        Optional.empty());
    assertThat(pages(selection, 50)).filteredOn(five::contains).containsExactly(five.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void pagesListEachRecordOnce(int limit) {
    List<Firmware> five = publishFive();
    assertThat(pages(ofType(), limit)).containsExactlyElementsOf(five);
  }

  @Test
  void aFullLastPageHasNoMore() {
    publishFive();
    assertThat(list(Optional.empty(), 5).more()).isFalse();
  }

  @Test
  void recordsPublishedAtTheSameTimeAreListedOnceEach() {
    List<Firmware> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      all.add(published(firmware(eu, "1." + i)));
    }
    assertThat(pages(ofType(), 2)).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void aListContinuesAfterAWithdrawnRecord() {
    List<Firmware> five = publishFive();
    store.withdraw(five.get(1), OLGA, NOW);
    assertThat(list(Optional.of(CataloguePosition.of(five.get(1))), 10).items())
        .containsExactlyElementsOf(five.subList(2, 5));
  }

  @Test
  void aPageIsFullIfMatchingRecordsAreFarApart() {
    List<Firmware> tests = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      Firmware firmware = published(firmware(eu, "1." + i, i % 80 == 79, NOW.plusMillis(i)));
      if (firmware.test()) {
        tests.add(firmware);
      }
    }
    FirmwareSelection selection = new FirmwareSelection(
        Optional.of(type), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));
    assertThat(list(selection, Optional.empty(), 3)).isEqualTo(new Page<>(tests, false));
    assertThat(list(selection, Optional.empty(), 2))
        .isEqualTo(new Page<>(tests.subList(0, 2), true));
  }

  @Test
  void aListLargerThanOneReadIsReadCompletely() {
    List<Firmware> all = publishLarge(20);
    assertThat(list(Optional.empty(), 50)).isEqualTo(new Page<>(all, false));
  }

  /** Only a forged cursor has such a position. DynamoDB has an error for a range that ends before it starts. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "\uffff", "🔊", "\udbff\udfff"})
  void afterAPositionOfAnotherTypeAListContinuesAtTheSamePlace(String otherType) {
    List<Firmware> five = publishFive();
    for (int i = 0; i < five.size(); i++) {
      CataloguePosition other =
          new CataloguePosition(CataloguePosition.of(five.get(i)).text().replace(type, otherType));
      assertThat(list(Optional.of(other), 10).items())
          .containsExactlyElementsOf(five.subList(i + 1, five.size()));
    }
  }

  @ParameterizedTest
  @CsvSource({"*, 0000000000000, 5", "zz, 9999999999999, 0", "eu, 9999999999999, 0"})
  void afterAnExtremePositionAListIsCompleteOrEmpty(String region, String published, int left) {
    publishFive();
    CataloguePosition extreme =
        new CataloguePosition(String.join("\t", type, region, published, "A".repeat(22)));
    assertThat(list(Optional.of(extreme), 10).items()).hasSize(left);
  }

  @Test
  void anOutageIsNeverTakenForNotFound() {
    try (Aws aws =
        RunningSystem.withDynamoDb(system.environment(), URI.create("http://127.0.0.1:1"))) {
      FirmwareStore unreachable = DynamoDbFirmwareStore.from(aws);
      Firmware firmware = firmware(eu, "1.0");
      List<ThrowingCallable> calls = List.of(
          () -> unreachable.publish(firmware, OLGA),
          () -> unreachable.withdraw(firmware, OLGA, NOW),
          () -> unreachable.line(eu),
          () -> unreachable.list(ofType(), Optional.empty(), 10));
      assertThat(calls)
          .extracting(call -> failureOf(call).kind())
          .containsOnly(FailureKind.UNAVAILABLE);
    }
  }

  private static Failure failureOf(ThrowingCallable call) {
    Failure failure = catchThrowableOfType(Failure.class, call);
    assertThat(failure).isNotNull();
    return failure;
  }
}
