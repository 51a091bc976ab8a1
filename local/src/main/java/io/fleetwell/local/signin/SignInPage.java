package io.fleetwell.local.signin;

import java.util.Optional;
import java.util.stream.Collectors;

/** The page on which a person says who they are, without scripts. */
public final class SignInPage {
  /** Where the forms of the page go. */
  public static final String ACTION = "/local/sign-in";

  private static final String DOCUMENT = """
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>%1$s - Fleetwell on this machine</title>
          <link rel="icon" href="/docs/icon.svg">
          <link rel="stylesheet" href="/docs/pages.css">
          <link rel="stylesheet" href="/local/sign-in.css">
        </head>
        <body>
          <header>
            <div>
              <h1>Fleetwell</h1>
              <p>On this machine</p>
            </div>
          </header>
          <main class="start">
            <h2>%1$s</h2>
      %2$s
          </main>
        </body>
      </html>
      """;

  private static final String FORMS = """
            %1$s<p>The app <code>%2$s</code> asks who you are. There are no passwords here.</p>
            <form method="post" action="%3$s">
              %4$s
              <ul class="people">
                %5$s
              </ul>
            </form>
            <form method="post" action="%3$s" class="other">
              %4$s
              <h3>Somebody else</h3>
              <label for="name">Name</label>
              <input id="name" name="name" required pattern="%6$s" autocomplete="off" autocapitalize="none" spellcheck="false">
              <label for="group">Group</label>
              <select id="group" name="group"><option value="">none</option>%7$s</select>
              <button>Sign in</button>
            </form>
            <form method="post" action="%3$s">
              %4$s
              <button name="cancel" value="true">Cancel</button>
            </form>
            <dl>
              <dt>Scopes</dt><dd>%8$s</dd>
              <dt>Then goes to</dt><dd><code>%9$s</code></dd>
            </dl>
            <p>A group counts in an app with the scope <code>fleet/console</code>, or in <code>OperatorClients</code>. In other
              apps, everybody is a user.</p>
      """;

  private SignInPage() {}

  /**
   * The page for a request.
   *
   * @param problem with what the person sent before
   */
  public static String of(AuthorizationRequest request, Optional<String> problem) {
    String forms = FORMS.formatted(
        problem.map(it -> "<p role=\"alert\">%s</p>\n".formatted(escape(it))).orElse(""),
        escape(request.app().clientId()),
        ACTION,
        request.parameters().entrySet().stream()
            .map(it -> "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                .formatted(it.getKey(), escape(it.getValue())))
            .collect(Collectors.joining()),
        Person.KNOWN.stream().map(SignInPage::button).collect(Collectors.joining()),
        Person.NAME_PATTERN,
        Person.GROUPS.stream().map("<option>%s</option>"::formatted).collect(Collectors.joining()),
        request.scopes().isEmpty()
            ? "none"
            : "<code>%s</code>".formatted(String.join(" ", request.scopes())),
        escape(request.app().redirectUri()));
    return DOCUMENT.formatted("Sign in", forms);
  }

  private static String button(Person person) {
    return "<li><button name=\"person\" value=\"%1$s\">%1$s <span>%2$s</span></button></li>"
        .formatted(
            person.name(), person.group().map("in the group %s"::formatted).orElse("a user"));
  }

  /** A page with a text only. */
  public static String message(String title, String text) {
    return DOCUMENT.formatted(escape(title), "<p>%s</p>".formatted(escape(text)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
