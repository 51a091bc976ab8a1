package io.fleetwell.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import io.fleetwell.paging.Page;
import io.fleetwell.paging.Position;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of a list that the caller asks for, and the answer with it.
 *
 * @param <P> the positions of the list. A cursor from a caller is one of them, or the call fails.
 */
public final class Paging<P extends Position> {
  /** The query parameters of every list. All others of a list are filters. */
  static final Set<String> PARAMETERS = Set.of("limit", "cursor");

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;

  /**
   * A page with more bytes is cut short. Lambda's response is at most 6 MB, and contains the body as a JSON string, in
   * which quotes and backslashes count double.
   */
  private static final int MAX_PAGE_BYTES = 2_500_000;

  private final Cursor cursor;
  private final int limit;
  private final Optional<P> position;
  private final String query;

  private Paging(Cursor cursor, int limit, Optional<P> position, String query) {
    this.cursor = cursor;
    this.limit = limit;
    this.position = position;
    this.query = query;
  }

  /**
   * Reads the part that a request asks for.
   *
   * @param filters the parameters that select items. Cursors work only for their caller, list and filters.
   * @param positions reads a position; empty for a text that is none
   * @throws Failure {@code INVALID}
   */
  static <P extends Position> Paging<P> of(
      Request request, Set<String> filters, Function<String, Optional<P>> positions) {
    Cursor cursor = new Cursor(binding(request, filters));
    int limit = request.parameter("limit").map(Paging::parseLimit).orElse(DEFAULT_LIMIT);
    Optional<P> position = request.parameter("cursor").map(text -> cursor.decode(text, positions));
    return new Paging<>(cursor, limit, position, query(request, filters));
  }

  /** The query of the next page, without its cursor. */
  private static String query(Request request, Set<String> filters) {
    return Stream.concat(filters.stream().sorted(), Stream.of("limit"))
        .flatMap(name ->
            request.parameter(name).map(value -> name + "=" + encoded(value) + "&").stream())
        .collect(Collectors.joining());
  }

  /** URLEncoder writes a space as a plus, which is a plus in most decoders of a URI. */
  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<String> binding(Request request, Set<String> filters) {
    List<String> binding = new ArrayList<>();
    binding.add(Words.of(request.caller().kind()));
    binding.add(request.caller().id());
    binding.add(request.route());
    binding.add(request.pathParameters());
    filters.stream()
        .sorted()
        .forEach(filter ->
            request.parameter(filter).ifPresent(value -> binding.addAll(List.of(filter, value))));
    return binding;
  }

  private static int parseLimit(String text) {
    if (text.matches("[0-9]{1,3}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw Failure.invalidParameter(
        "limit", "must be a whole number from 1 to %d".formatted(MAX_LIMIT));
  }

  public int limit() {
    return limit;
  }

  /** The position of the last item of the previous page; empty for the first page. */
  public Optional<P> position() {
    return position;
  }

  /**
   * Returns the answer with a page. If another page follows, its header {@code Link} (RFC 8288) has the address of that page,
   * relative to the address of this one, because the function does not know at which address a proxy received the call.
   *
   * @param name the list's name in the answer
   * @param positionOf returns the position of an item, after which the next page continues
   */
  public <T> Response answer(
      String name, Page<T> page, Function<T, JsonNode> json, Function<T, P> positionOf) {
    return answer(name, page, json, positionOf, Optional.empty());
  }

  /**
   * Returns the answer with a page that may be empty although more follow.
   *
   * @param reached where the next page continues after all items of this one; empty for the last of them
   */
  public <T> Response answer(
      String name,
      Page<T> page,
      Function<T, JsonNode> json,
      Function<T, P> positionOf,
      Optional<P> reached) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray(name);
    int bytes = 0;
    for (T item : page.items()) {
      JsonNode element = json.apply(item);
      bytes += Json.bytes(element).length;
      if (!list.isEmpty() && bytes > MAX_PAGE_BYTES) {
        break;
      }
      list.add(element);
    }
    boolean isCut = list.size() < page.items().size();
    boolean hasNoEnd = list.isEmpty() && reached.isEmpty();
    if (hasNoEnd || !(isCut || page.more())) {
      return Response.ok(body);
    }
    P end = isCut || reached.isEmpty()
        ? positionOf.apply(page.items().get(list.size() - 1))
        : reached.get();
    String next = cursor.encode(end);
    return Response.ok(body.put("next", next))
        .with("link", "<?%scursor=%s>; rel=\"next\"".formatted(query, next));
  }
}
