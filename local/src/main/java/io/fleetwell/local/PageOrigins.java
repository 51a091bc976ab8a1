package io.fleetwell.local;

import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** What browsers tell about the page that makes a request. */
final class PageOrigins {
  /** Those of the page's own origin, and of addresses that the user entered (Fetch Metadata). */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private PageOrigins() {}

  /** The origin of the page; empty if the browser sends none, or no browser asks. */
  static String of(Request request) {
    return Optional.ofNullable(request.getHeaders().get(HttpHeader.ORIGIN)).orElse("");
  }

  /** Whether a browser asks for a page of another origin. */
  static boolean isAnother(Request request) {
    String own = "http://" + request.getHeaders().get(HttpHeader.HOST);
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String site = request.getHeaders().get("sec-fetch-site");
    return (origin != null && !origin.equals(own)) || (site != null && !OWN_SITES.contains(site));
  }
}
