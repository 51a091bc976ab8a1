package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** A web app on another port signs people in, in a browser. Needs Chromium and its driver; skipped without them. */
class SignInBrowserTest {
  /** Finds the issuer's endpoints, sends the person there, and exchanges the code. Then it reads and publishes firmware. */
  private static final String APP = """
      <!doctype html><meta charset="utf-8"><title>App</title>
      <button>Sign in</button><pre id="learned"></pre><script>
      const api = "API", here = location.origin + "/"
      const asked = new URLSearchParams(location.search)
      const base64url = bytes => btoa(String.fromCharCode(...bytes)).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "")
      const discover = async () => (await fetch(api + "/local/.well-known/openid-configuration")).json()
      const learned = text => document.getElementById("learned").textContent = text

      async function signIn(scope) {
        const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
        const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))
        const state = crypto.randomUUID()
        sessionStorage.setItem(state, verifier)
        location = (await discover()).authorization_endpoint + "?" + new URLSearchParams({
          response_type: "code", client_id: "app", redirect_uri: here, scope, state,
          code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: "S256"})
      }

      async function finish(code, state) {
        const answer = await fetch((await discover()).token_endpoint, {method: "POST", body: new URLSearchParams({
          grant_type: "authorization_code", client_id: "app", redirect_uri: here, code,
          code_verifier: sessionStorage.getItem(state)})})
        const authorization = "Bearer " + (await answer.json()).access_token
        const read = await fetch(api + "/v1/firmware", {headers: {authorization}})
        const published = await fetch(api + "/v1/firmware", {method: "POST", headers: {authorization, "content-type": "application/json"},
          body: JSON.stringify({devicetype: "Lamp", region: "*", version: "1", downloadurl: "https://downloads.example/1.bin"})})
        const mine = await fetch(api + "/v1/user/devices", {headers: {authorization}})
        learned(`read ${read.status}, publish ${published.status}, own devices ${mine.status}`)
      }

      document.querySelector("button").onclick = () => signIn(asked.get("scope"))
      if (asked.has("code")) finish(asked.get("code"), asked.get("state")).catch(learned)
      if (asked.has("error")) learned(asked.get("error"))
      </script>
      """;

  private static final By LEARNED = By.id("learned");
  private static final By SIGN_IN = By.xpath("//button[.='Sign in']");
  private static final By CANCEL = By.name("cancel");

  @TempDir
  private static Path data;

  private static Browser browser;
  private static Server app;
  private static LocalSystem system;

  private static final class Page extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      byte[] page = APP.replace("API", system.uri().toString()).getBytes(StandardCharsets.UTF_8);
      response.getHeaders().put("content-type", "text/html; charset=utf-8");
      response.write(true, ByteBuffer.wrap(page), callback);
      return true;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    app = Servers.onLoopback(0, new Page());
    app.start();
    system = RunningSystem.start(
        Project.settings(data, Map.of("CorsOrigins", Servers.uri(app).toString())));
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    app.stop();
    system.close();
  }

  /** Opens the page of the issuer, from the app. */
  private static void askFor(String scope) {
    browser.open(Servers.uri(app) + "/?scope=" + scope, SIGN_IN);
    browser.click(SIGN_IN);
    browser.shown(CANCEL);
  }

  private static By person(String name) {
    return By.cssSelector("button[value='%s']".formatted(name));
  }

  @ParameterizedTest
  @CsvSource({
    "olga, fleet/console, 'read 200, publish 20?, own devices 403'",
    "olga, openid, 'read 403, publish 403, own devices 200'",
    "sue, fleet/console, 'read 200, publish 403, own devices 403'",
    "alice, fleet/console, 'read 403, publish 403, own devices 200'",
  })
  void whoSignsInWithAClickMakesCallsInTheApp(String name, String scope, String learned) {
    askFor(scope);
    browser.click(person(name));
    browser.awaitText(LEARNED, "own devices");
    assertThat(browser.shown(LEARNED).getText()).matches(learned.replace("20?", "20[01]"));
  }

  @Test
  void whoCancelsIsBackInTheApp() {
    askFor("fleet/console");
    browser.click(CANCEL);
    browser.awaitText(LEARNED, "access_denied");
  }

  @Test
  void aNameIsTypedAndSentWithTheKeyboard() {
    askFor("fleet/console");
    browser.shown(By.id("name")).sendKeys("otto", Keys.TAB, "operators", Keys.TAB, Keys.ENTER);
    browser.awaitText(LEARNED, "own devices 403");
    assertThat(browser.shown(LEARNED).getText()).startsWith("read 200");
  }

  @Test
  void everyFieldAndButtonHasANameAndNothingIsRefused() {
    askFor("fleet/console");
    browser.errors();
    browser.run("location.reload()");
    browser.shown(CANCEL);
    assertThat(browser.all(By.cssSelector("button, select, input:not([type=hidden])")))
        .hasSizeGreaterThan(5)
        .noneMatch(it -> String.valueOf(it.getAccessibleName()).isBlank());
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void aPhoneNeedsNotScrollSideways() {
    browser.resize(390, 844);
    try {
      askFor("fleet/console");
      assertThat(browser.number("return document.documentElement.scrollWidth")).isEqualTo(390);
    } finally {
      browser.resize(1280, 800);
    }
  }

  @Test
  void aPageOfAnotherOriginSignsNobodyInByItself() {
    browser.open(Servers.uri(app) + "/", SIGN_IN);
    browser.run(
        """
        const form = document.createElement("form")
        form.method = "post"
        form.action = arguments[0]
        for (const [name, value] of new URLSearchParams(arguments[1])) {
          const field = document.createElement("input")
          field.name = name
          field.value = value
          form.append(field)
        }
        document.body.append(form)
        form.submit()""",
        system.uri() + "/local/sign-in",
        SignInClient.encode(SignInClient.with(SignInClient.request("openid"), "person", "olga")));
    browser.awaitText(By.tagName("body"), "A page of another origin signs nobody in.");
  }
}
