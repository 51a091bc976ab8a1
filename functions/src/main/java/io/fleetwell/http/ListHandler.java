package io.fleetwell.http;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.paging.Position;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The function of a route that answers a list in pages. */
public abstract class ListHandler<P extends Position> extends HttpHandler {
  /** For callers of these kinds; all others get 403. */
  protected ListHandler(Aws aws, Kind first, Kind... others) {
    super(aws, first, others);
  }

  /** Reads a position of the list; empty for any other text. */
  protected abstract Optional<P> position(String text);

  /** Answers with a page; throws as {@link #handle}. */
  protected abstract Response page(Request request, Paging<P> paging);

  /** The query parameters that select items of the list. */
  protected Set<String> filters() {
    return Set.of();
  }

  @Override
  protected final Set<String> parameters() {
    Set<String> all = new HashSet<>(filters());
    all.addAll(Paging.PARAMETERS);
    return Set.copyOf(all);
  }

  @Override
  protected final Response handle(Request request) {
    return page(request, Paging.of(request, filters(), this::position));
  }
}
