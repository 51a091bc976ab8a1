package io.fleetwell.local.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationRequestTest {
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String APP = "client_id=app&redirect_uri=http://127.0.0.1:3000/&state=s";
  private static final String CODE = "&response_type=code";
  private static final String PKCE = "&code_challenge_method=S256&code_challenge=" + CHALLENGE;

  private static App app(String redirectUri) throws OAuthException {
    return App.of(Parameters.parse("client_id=app&redirect_uri=" + Parameters.encode(redirectUri)));
  }

  private static AuthorizationRequest read(String query) throws OAuthException {
    Parameters parameters = Parameters.parse(query);
    return AuthorizationRequest.of(App.of(parameters), parameters);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "http://127.0.0.1:3000/callback?app=1",
        "http://localhost:5173/",
        "http://[::1]:80/a/b",
        "fleetwell://signed-in",
      })
  void anAppOnThisMachineGetsTheAnswer(String address) throws OAuthException {
    assertThat(app(address).redirectUri()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "http://evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "http://localhost:80@evil.example/",
        "http://127.0.0.1:80\\@evil.example/",
        "http://localhost\\.evil.example/",
        "http://evil.example/http://localhost/",
        "http://evil.example#http://localhost/",
        "http://localhost/#fragment",
        "http://localhost:port/",
        "http://localhost:/",
        "http://127.0.0.2/",
        "http://localhost/a\r\nset-cookie: a=b",
        "http://localhost/a b",
        "http://localhost/\"><script>",
        "https://localhost/",
        "//localhost/",
        "/callback",
        "javascript:alert(1)",
        "data:text/html,hello",
        "fleetwell://signed-in.evil.example",
        "fleetwell://signed-in/more",
        "fleetwell://other",
        " http://localhost/",
      })
  void noOtherAddressGetsAnAnswer(String address) {
    assertThatThrownBy(() -> app(address))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("sends people only to");
  }

  @Test
  void theAnswerIsAddedToTheAddressOfTheApp() throws OAuthException {
    Parameters parameters =
        Parameters.parse("client_id=app&redirect_uri=http://localhost/?a=1&state=%26%3D%0d%0a");
    assertThat(App.of(parameters).addressWith(OAuthException.accessDenied()))
        .isEqualTo(
            "http://localhost/?a=1&error=access_denied&error_description=The+person+cancelled.&state=%26%3D%0D%0A");
  }

  @Test
  void unknownScopesAreIgnored() throws OAuthException {
    assertThat(read(APP + CODE + PKCE + "&scope=fleet/operator+openid+profile+fleet/console")
            .scopes())
        .containsExactly("openid", "fleet/console");
    assertThat(read(APP + CODE + PKCE).scopes()).isEmpty();
  }

  @Test
  void aRequestThatIsRepeatedByTheFormIsTheSame() throws OAuthException {
    AuthorizationRequest request = read(APP + CODE + PKCE + "&scope=openid&nonce=%22%3E%3Cb");
    assertThat(read(Parameters.query(request.parameters()))).isEqualTo(request);
    assertThat(request.nonce()).isEqualTo(Optional.of("\"><b"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "invalid_request, " + PKCE,
    "unsupported_response_type, &response_type=token" + PKCE,
    "unsupported_response_type, &response_type=code+id_token" + PKCE,
    "invalid_request, " + CODE,
    "invalid_request, " + CODE + "&code_challenge=" + CHALLENGE,
    "invalid_request, " + CODE + "&code_challenge_method=plain&code_challenge=" + CHALLENGE,
    "invalid_request, " + CODE + "&code_challenge_method=S256",
    "invalid_request, " + CODE + "&code_challenge_method=S256&code_challenge=short",
    "invalid_request, " + CODE + PKCE + "&code_challenge=" + CHALLENGE,
    "invalid_request, " + CODE + PKCE + "&scope=openid&scope=email",
    "invalid_request, " + CODE + PKCE + "&response_mode=fragment",
    "login_required, " + CODE + PKCE + "&prompt=none",
    "invalid_request, " + CODE + PKCE + "&prompt=none+login",
    "request_not_supported, " + CODE + PKCE + "&request=e30",
    "request_uri_not_supported, " + CODE + PKCE + "&request_uri=http://localhost/",
  })
  void theAppLearnsWhatIsWrongWithItsRequest(String error, String rest) throws OAuthException {
    Parameters parameters = Parameters.parse(APP + rest);
    App app = App.of(parameters);
    assertThatThrownBy(() -> AuthorizationRequest.of(app, parameters))
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(app.addressWith(e))
                .startsWith("http://127.0.0.1:3000/?error=%s&".formatted(error))
                .endsWith("&state=s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redirect_uri=http://localhost/",
        "client_id=&redirect_uri=http://localhost/",
        "client_id=a+b&redirect_uri=http://localhost/",
        "client_id=app",
        "client_id=app&client_id=app&redirect_uri=http://localhost/",
        "client_id=app&redirect_uri=http://localhost/&redirect_uri=http://localhost/",
        "client_id=app&redirect_uri=http://localhost/&state=a&state=b",
        "client_id=app&redirect_uri=http://localhost/%zz",
        "",
      })
  void withoutAnAppAndItsAddressNobodyIsAnswered(String query) {
    assertThatThrownBy(() -> App.of(Parameters.parse(query))).isInstanceOf(OAuthException.class);
  }

  @Test
  void aStateThatDoesNotFitIntoAnAddressIsRefused() throws OAuthException {
    String most = "client_id=app&redirect_uri=http://localhost/&state=" + "s".repeat(2_048);
    assertThat(App.of(Parameters.parse(most)).state()).isPresent();
    assertThatThrownBy(() -> App.of(Parameters.parse(most + "s")))
        .isInstanceOf(OAuthException.class);
  }
}
