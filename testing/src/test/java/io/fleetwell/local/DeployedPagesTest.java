package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.testing.RunningSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The public pages under the name of a deployed system, in a browser. Needs Chromium and its driver; skipped without. */
class DeployedPagesTest {
  private static final String NAME = "fleetwell.example";

  private final Aws aws = new Aws(Map.of(), Clock.systemUTC());
  private final Server server =
      new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final Browser browser = Browser.start("--host-resolver-rules=MAP * 127.0.0.1");

  @BeforeEach
  void start() throws Exception {
    Template template = RunningSystem.template();
    Map<String, LambdaFunction> routes = new HashMap<>();
    template.publicRoutes().forEach(it -> routes.put(it.key(), function(it.function())));
    server.setHandler(new Gateway(
        Routes.of(routes),
        routes.keySet(),
        function(template.authorizer().function()),
        Duration.ZERO,
        Optional.empty(),
        Map.of(),
        Clock.systemUTC(),
        line -> {}));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    server.stop();
    aws.close();
  }

  private LambdaFunction function(Template.Function function) {
    return new LambdaFunction(function, aws, line -> {});
  }

  private String origin() {
    return "http://%s:%d"
        .formatted(NAME, ((ServerConnector) server.getConnectors()[0]).getLocalPort());
  }

  @Test
  void theReferenceAsksForATokenAndSaysWhereItComesFrom() {
    browser.open(origin() + "/docs", By.className("opblock"));
    assertThat(browser.all(By.id("callers"))).noneMatch(WebElement::isDisplayed);
    assertThat(browser.shown(By.id("where-from")).getText()).startsWith("Users get a token by");
    browser.shown(By.id("token")).sendKeys("not-a-jwt");
    browser.click(By.cssSelector("#sign-in button"));
    browser.awaitText(By.id("caller"), "not a JWT");
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.originsCalled()).isEqualTo(List.of(origin()));
  }

  @Test
  void theStartPageShowsNothingOfOneMachine() {
    browser.open(origin() + "/", By.id("deployed"));
    assertThat(browser.all(By.id("here"))).noneMatch(WebElement::isDisplayed);
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.originsCalled()).isEqualTo(List.of(origin()));
  }
}
