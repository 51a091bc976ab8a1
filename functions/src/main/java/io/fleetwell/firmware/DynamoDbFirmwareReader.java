package io.fleetwell.firmware;

import static io.fleetwell.aws.Attributes.flagOf;
import static io.fleetwell.aws.Attributes.listOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.optionalText;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.textOf;
import static io.fleetwell.aws.Attributes.timeOf;
import static io.fleetwell.firmware.CataloguePosition.SEPARATOR;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.EventLog;
import io.fleetwell.aws.ItemType;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import io.fleetwell.paging.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Firmware in one DynamoDB table, with a partition for each product line. */
public sealed class DynamoDbFirmwareReader implements FirmwareReader permits DynamoDbFirmwareStore {
  /** The partition key: device type and region, of the {@link ProductLine#canonical} line. Earlier releases took them as written. */
  private static final String LINE = "line";

  /** The sort key: the digest of a {@link FirmwareId}. */
  static final String DIGEST = "digest";

  /** The index's partition key. All items share one, because operators list seldom and a catalogue is small. */
  private static final String CATALOGUE = "catalogue";

  private static final AttributeValue THE_CATALOGUE = text("firmware");

  /** The index's sort key: a {@link CataloguePosition}. */
  private static final String LISTING = "listing";

  private static final String DEVICE_TYPE = "devicetype";

  /** The region as the operator wrote it. */
  private static final String REGION = "region";

  /**
   * The version as the operator wrote it. Nothing reads the {@code canonicalversion} that items of earlier releases also
   * have: it follows the order of its time.
   */
  private static final String VERSION = "version";

  private static final String DOWNLOAD_URL = "downloadurl";

  /** Absent if the firmware is for all serial numbers. */
  private static final String SERIAL_REGEX = "serialregex";

  private static final String MANDATORY = "mandatory";
  private static final String TEST = "test";

  /** A list of maps with {@code lang} and {@code body}. */
  private static final String RELEASE_NOTES = "releasenotes";

  private static final String LANG = "lang";
  private static final String BODY = "body";

  /** A number: milliseconds since 1970. */
  static final String PUBLISHED = "published";

  /** Only in items of earlier releases. */
  private static final String WRITE_ID = "writeid";

  private static final String CATALOGUE_INDEX = "Catalogue";

  /** Sorts after every other character: DynamoDB's order is that of UTF-8. */
  private static final String LAST = new String(Character.toChars(Character.MAX_CODE_POINT));

  private static final ItemType<Firmware> FIRMWARE = new ItemType<>(
      DIGEST,
      Set.of(
          LINE,
          DIGEST,
          CATALOGUE,
          LISTING,
          DEVICE_TYPE,
          REGION,
          VERSION,
          DOWNLOAD_URL,
          SERIAL_REGEX,
          MANDATORY,
          TEST,
          RELEASE_NOTES,
          PUBLISHED,
          WRITE_ID),
      DynamoDbFirmwareReader::firmwareOf);

  private final DynamoDbClient dynamoDb;
  private final EventLog log;
  final String table;

  DynamoDbFirmwareReader(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.log = aws.log();
    this.table = aws.environment().text("FIRMWARE_TABLE");
  }

  public static DynamoDbFirmwareReader from(Aws aws) {
    return new DynamoDbFirmwareReader(aws);
  }

  @Override
  public List<Firmware> line(ProductLine line) {
    return line.stored().stream().flatMap(it -> storedUnder(it).stream()).toList();
  }

  private List<Firmware> storedUnder(ProductLine line) {
    QueryRequest.Builder query = QueryRequest.builder()
        .tableName(table)
        .consistentRead(true)
        .keyConditionExpression("#line = :line")
        .expressionAttributeNames(Map.of("#line", LINE))
        .expressionAttributeValues(Map.of(":line", text(lineKey(line))));
    return queryPages(query, any -> true, Integer.MAX_VALUE);
  }

  @Override
  public Page<Firmware> list(
      FirmwareSelection selection, Optional<CataloguePosition> after, int limit) {
    QueryRequest.Builder query = listQuery(selection, after, limit);
    Predicate<Firmware> includes =
        it -> selection.includes(it.line()) && selection.includesVersionAndTestOf(it);
    return Page.of(queryPages(query, includes, limit), limit, false);
  }

  private QueryRequest.Builder listQuery(
      FirmwareSelection selection, Optional<CataloguePosition> after, int limit) {
    Map<String, AttributeValue> values = new HashMap<>();
    String key = CATALOGUE + " = :catalogue AND " + listingRange(selection, after, values);
    values.put(":catalogue", THE_CATALOGUE);
    QueryRequest.Builder query = QueryRequest.builder()
        .tableName(table)
        .indexName(CATALOGUE_INDEX)
        .keyConditionExpression(key)
        .expressionAttributeValues(values);
    // A limit would also count firmware that is left out afterwards: many calls for few items.
    // DynamoDB can neither ignore the case of a region nor compare versions: a filter is no use.
    boolean leavesOut = selection.region().isPresent()
        || selection.version().isPresent()
        || selection.test().isPresent();
    return leavesOut ? query : query.limit(Page.queryLimit(limit));
  }

  /**
   * A query takes one condition on the sort key, so the prefix and the position make a range. Every range starts with the
   * prefix, because DynamoDB refuses one that ends before it starts.
   */
  private static String listingRange(
      FirmwareSelection selection,
      Optional<CataloguePosition> after,
      Map<String, AttributeValue> values) {
    if (selection.deviceType().isEmpty()) {
      String start = after.map(it -> it.text() + SEPARATOR).orElse(SEPARATOR);
      values.put(":from", text(start));
      return LISTING + " >= :from";
    }
    String prefix = selection.deviceType().get() + SEPARATOR;
    String start = after.map(it -> it.withinDeviceType() + SEPARATOR).orElse("");
    values.put(":from", text(prefix + start));
    values.put(":to", text(prefix + LAST));
    return LISTING + " BETWEEN :from AND :to";
  }

  /** Queries page after page, until there are more than {@code enough} wanted items or no more pages. */
  private List<Firmware> queryPages(
      QueryRequest.Builder query, Predicate<Firmware> wanted, int enough) {
    List<Firmware> found = new ArrayList<>();
    QueryResponse response;
    do {
      response = AwsCalls.run(() -> dynamoDb.query(query.build()));
      FIRMWARE.readAll(response.items(), log).filter(wanted).forEach(found::add);
      query.exclusiveStartKey(response.lastEvaluatedKey());
    } while (found.size() <= enough && response.hasLastEvaluatedKey());
    return found;
  }

  static Map<String, AttributeValue> keyOf(FirmwareId id) {
    return Map.of(LINE, text(lineKey(id.line())), DIGEST, text(id.digest()));
  }

  private static String lineKey(ProductLine line) {
    return line.deviceType() + SEPARATOR + line.region();
  }

  static Map<String, AttributeValue> itemOf(Firmware firmware) {
    Map<String, AttributeValue> item = new HashMap<>(keyOf(firmware.id()));
    item.put(CATALOGUE, THE_CATALOGUE);
    item.put(LISTING, text(CataloguePosition.of(firmware).text()));
    item.put(DEVICE_TYPE, text(firmware.line().deviceType()));
    item.put(REGION, text(firmware.line().region()));
    item.put(VERSION, text(firmware.version().toString()));
    item.put(DOWNLOAD_URL, text(firmware.downloadUrl()));
    firmware.serialPattern().ifPresent(pattern -> item.put(SERIAL_REGEX, text(pattern.regex())));
    item.put(MANDATORY, AttributeValue.fromBool(firmware.mandatory()));
    item.put(TEST, AttributeValue.fromBool(firmware.test()));
    item.put(
        RELEASE_NOTES,
        AttributeValue.fromL(firmware.releaseNotes().stream()
            .map(note ->
                AttributeValue.fromM(Map.of(LANG, text(note.language()), BODY, text(note.body()))))
            .toList()));
    item.put(PUBLISHED, number(firmware.published()));
    return item;
  }

  private static Firmware firmwareOf(Map<String, AttributeValue> item) {
    return new Firmware(
        new ProductLine(textOf(item, DEVICE_TYPE), textOf(item, REGION)),
        Version.parse(textOf(item, VERSION)),
        textOf(item, DOWNLOAD_URL),
        optionalText(item, SERIAL_REGEX).map(SerialPattern::compile),
        flagOf(item, MANDATORY),
        flagOf(item, TEST),
        listOf(item, RELEASE_NOTES).stream()
            .map(AttributeValue::m)
            .map(note -> new ReleaseNote(textOf(note, LANG), textOf(note, BODY)))
            .toList(),
        timeOf(item, PUBLISHED),
        new FirmwareId(lineOf(textOf(item, LINE)), textOf(item, DIGEST)));
  }

  private static ProductLine lineOf(String key) {
    String[] names = key.split(SEPARATOR, 2);
    return new ProductLine(names[0], names[1]);
  }
}
