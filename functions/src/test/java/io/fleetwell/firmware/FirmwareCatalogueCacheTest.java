package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FirmwareCatalogueCacheTest {
  private static final ProductLine SPEAKERS_IN_DENMARK = new ProductLine("Speaker", "dk");
  private static final ProductLine SPEAKERS = new ProductLine("Speaker", ProductLine.EVERY_REGION);

  private final Shelf shelf = new Shelf();
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  private FirmwareCatalogueCache cachedFor(Duration maxAge) {
    return new FirmwareCatalogueCache(shelf::line, maxAge, clock, SecureRandom::new);
  }

  private static Optional<String> highest(FirmwareCatalogueCache catalogues) {
    return catalogues
        .get(SPEAKERS_IN_DENMARK)
        .choose(Optional.empty(), Optional.empty(), false)
        .map(firmware -> firmware.version().toString());
  }

  @Test
  void aCatalogueContainsFirmwareForTheRegionAndForEveryRegion() {
    shelf.put(SPEAKERS_IN_DENMARK, "1.0");
    shelf.put(SPEAKERS, "2.0");
    assertThat(highest(cachedFor(Duration.ZERO))).contains("2.0");
    assertThat(shelf.read).containsExactly(SPEAKERS_IN_DENMARK, SPEAKERS);
  }

  @Test
  void everyRegionIsReadOnce() {
    assertThat(cachedFor(Duration.ZERO).get(SPEAKERS)).isNotNull();
    assertThat(shelf.read).containsExactly(SPEAKERS);
  }

  @Test
  void aCatalogueIsNotReadAgainInTheFirstHalfOfItsLifetime() {
    FirmwareCatalogueCache catalogues = cachedFor(Duration.ofSeconds(30));
    assertThat(highest(catalogues)).isEmpty();
    shelf.put(SPEAKERS, "2.0");
    shelf.read.clear();
    now = now.plus(Duration.ofMillis(14_999));
    assertThat(highest(catalogues)).isEmpty();
    assertThat(shelf.read).isEmpty();
  }

  @Test
  void anExpiredCatalogueIsReadAgain() {
    FirmwareCatalogueCache catalogues = cachedFor(Duration.ofSeconds(30));
    assertThat(highest(catalogues)).isEmpty();
    shelf.put(SPEAKERS, "2.0");
    now = now.plus(Duration.ofSeconds(30));
    assertThat(highest(catalogues)).contains("2.0");
  }

  @Test
  void firmwareForEveryRegionIsReadOnceForAllRegions() {
    FirmwareCatalogueCache catalogues = cachedFor(Duration.ofSeconds(30));
    shelf.put(SPEAKERS, "2.0");
    assertThat(highest(catalogues)).contains("2.0");
    shelf.read.clear();
    ProductLine inSweden = new ProductLine("Speaker", "se");
    assertThat(catalogues.get(inSweden).line()).contains(new ProductLine("Speaker", "*"));
    assertThat(shelf.read).containsExactly(inSweden);
  }

  @Test
  void environmentsThatReadTogetherDoNotReadTogetherAgain() {
    Random random = new Random(1);
    List<FirmwareCatalogueCache> environments = Stream.generate(() ->
            new FirmwareCatalogueCache(shelf::line, Duration.ofSeconds(30), clock, () -> random))
        .limit(1_000)
        .toList();
    List<Integer> readInSecond = new ArrayList<>();
    for (int second = 0; second <= 30; second++) {
      shelf.read.clear();
      environments.forEach(environment -> environment.get(SPEAKERS));
      readInSecond.add(shelf.read.size());
      now = now.plus(Duration.ofSeconds(1));
    }
    assertThat(readInSecond.get(0)).isEqualTo(1_000);
    assertThat(readInSecond.subList(1, 15)).containsOnly(0);
    assertThat(readInSecond.subList(15, 31)).allMatch(read -> read < 120);
    assertThat(readInSecond.stream().mapToInt(it -> it).sum()).isGreaterThanOrEqualTo(2_000);
  }

  @Test
  void everyCheckReadsWithoutALifetime() {
    FirmwareCatalogueCache catalogues = cachedFor(Duration.ZERO);
    assertThat(highest(catalogues)).isEmpty();
    shelf.put(SPEAKERS, "2.0");
    assertThat(highest(catalogues)).contains("2.0");
  }

  @Test
  void manyDeviceTypesEvictTheLeastRecentlyUsedCatalogue() {
    FirmwareCatalogueCache catalogues = cachedFor(Duration.ofSeconds(30));
    assertThat(highest(catalogues)).isEmpty();
    for (int i = 0; i < 64; i++) {
      assertThat(catalogues.get(new ProductLine("Type" + i, "dk"))).isNotNull();
    }
    shelf.read.clear();
    assertThat(highest(catalogues)).isEmpty();
    assertThat(shelf.read).contains(SPEAKERS_IN_DENMARK);
  }

  /** Keeps firmware in a list, and records which lines are read. */
  private static final class Shelf {
    private final List<Firmware> all = new ArrayList<>();
    private final List<ProductLine> read = new ArrayList<>();

    void put(ProductLine line, String version) {
      all.add(new Firmware(
          line,
          Version.parse(version).readable().orElseThrow(),
          "https://a.example",
          Optional.empty(),
          false,
          false,
          List.of(),
          Instant.EPOCH));
    }

    List<Firmware> line(ProductLine line) {
      read.add(line);
      return all.stream().filter(firmware -> firmware.line().equals(line)).toList();
    }
  }
}
