package io.fleetwell.history;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.http.ListHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.ids.Words;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code GET /v1/audit}: lists what operators did. */
public final class ListAuditHandler extends ListHandler<HistoryPosition> {
  /** Together with the words before it, an id is part of a key, which DynamoDB limits to 2,048 bytes. */
  private static final Pattern FIRMWARE_ID = Pattern.compile("[A-Za-z0-9._-]{1,1000}");

  /** In Unicode code points. Neither ids nor names are longer. */
  private static final int MAX_NAME = 256;

  /** Positions have 15 digits for the milliseconds since 1970. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final HistoryStore history;

  public ListAuditHandler() {
    this(Aws.inLambda());
  }

  public ListAuditHandler(Aws aws) {
    super(aws, Kind.OPERATOR, Kind.SUPPORT);
    this.history = DynamoDbHistoryStore.from(aws);
  }

  @Override
  protected Set<String> filters() {
    return Set.of("action", "by", "deviceid", "firmware", "after", "before");
  }

  @Override
  protected Optional<HistoryPosition> position(String text) {
    return HistoryPosition.parse(text);
  }

  @Override
  protected Response page(Request request, Paging<HistoryPosition> paging) {
    AuditPage page = history.audit(
        selection(request), paging.position(), paging.limit(), clock().instant());
    return paging.answer(
        "entries",
        page.acts(),
        entry -> entry.event().auditJson(),
        HistoryEntry::position,
        page.reached());
  }

  private static AuditSelection selection(Request request) {
    return new AuditSelection(
        request.parameter("action").map(ListAuditHandler::action),
        checked(
            request, "by", ListAuditHandler::isName, "an id or a name of at most 256 characters"),
        checked(request, "deviceid", DeviceIds::isDeviceId, DeviceIds.RULE),
        checked(request, "firmware", FIRMWARE_ID.asMatchPredicate(), "the id of a firmware"),
        time(request, "after"),
        time(request, "before"));
  }

  private static What action(String word) {
    return Arrays.stream(What.values())
        .filter(what -> Words.of(what).equals(word))
        .findFirst()
        .orElseThrow(() -> Failure.invalidParameter("action", "must be one of " + words()));
  }

  private static String words() {
    return Arrays.stream(What.values()).map(Words::of).sorted().collect(Collectors.joining(", "));
  }

  private static boolean isName(String text) {
    return !ComparedText.of(text).isEmpty() && text.codePointCount(0, text.length()) <= MAX_NAME;
  }

  private static Optional<String> checked(
      Request request, String parameter, Predicate<String> accepts, String rule) {
    Optional<String> value = request.parameter(parameter);
    if (value.filter(accepts.negate()).isPresent()) {
      throw Failure.invalidParameter(parameter, "must be " + rule);
    }
    return value;
  }

  private static Optional<Instant> time(Request request, String parameter) {
    return request.parameter(parameter).map(text -> time(parameter, text));
  }

  private static Instant time(String parameter, String text) {
    try {
      Instant time = Instant.parse(text);
      return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(LATEST) ? LATEST : time;
    } catch (DateTimeParseException e) {
      throw Failure.invalidParameter(parameter, "must be a time such as 2026-12-01T08:00:00Z");
    }
  }
}
