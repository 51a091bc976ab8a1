package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationErrorResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.RunningSystem;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An app that signs people in on the local system with a library for OpenID Connect, which knows only the issuer. */
@ExtendWith(RunningSystem.class)
class OidcLibraryTest {
  private static final ClientID CLIENT = new ClientID("console");
  private static final URI REDIRECT = URI.create("http://localhost:5173/signed-in");
  private static final Scope SCOPE = new Scope("openid", "email", "fleet/console");

  private final LocalSystem system;
  private final CodeVerifier verifier = new CodeVerifier();
  private final State state = new State();
  private final Nonce nonce = new Nonce();
  private final Issuer issuer;

  @SuppressWarnings("NullAway.Init")
  private OIDCProviderMetadata metadata;

  OidcLibraryTest(LocalSystem system) {
    this.system = system;
    this.issuer = new Issuer(system.uri() + "/local");
  }

  @BeforeEach
  void discover() throws Exception {
    metadata = OIDCProviderMetadata.resolve(issuer);
  }

  private AuthenticationRequest.Builder request() {
    return new AuthenticationRequest.Builder(ResponseType.CODE, SCOPE, CLIENT, REDIRECT)
        .endpointURI(metadata.getAuthorizationEndpointURI())
        .state(state)
        .nonce(nonce)
        .codeChallenge(verifier, CodeChallengeMethod.S256);
  }

  /** What the person's browser brings back, after a click on the page. */
  private AuthenticationResponse answerAfterClickOn(String person) throws Exception {
    String query = request().build().toURI().getRawQuery();
    Map<String, String> form = SignInClient.parametersOf("?" + query);
    String address = SignInClient.locationOf(
        new SignInClient(system).signIn(SignInClient.with(form, "person", person)));
    return AuthenticationResponseParser.parse(URI.create(address));
  }

  private OIDCTokens tokensFor(AuthorizationGrant grant) throws Exception {
    HTTPRequest request = new TokenRequest.Builder(metadata.getTokenEndpointURI(), CLIENT, grant)
        .build()
        .toHTTPRequest();
    return ((OIDCTokenResponse) OIDCTokenResponseParser.parse(request.send())).getOIDCTokens();
  }

  private IDTokenValidator validator() throws Exception {
    return new IDTokenValidator(
        issuer, CLIENT, JWSAlgorithm.ES256, metadata.getJWKSetURI().toURL());
  }

  private int statusOfFirmwareFor(OIDCTokens tokens) {
    return new Api(system)
        .token(tokens.getAccessToken().getValue())
        .get("/v1/firmware")
        .status();
  }

  @Test
  void anOperatorSignsInAndStaysSignedIn() throws Exception {
    AuthenticationResponse answer = answerAfterClickOn("olga");
    assertThat(answer.getState()).isEqualTo(state);
    AuthorizationCode code = answer.toSuccessResponse().getAuthorizationCode();
    OIDCTokens first = tokensFor(new AuthorizationCodeGrant(code, REDIRECT, verifier));
    assertThat(validator().validate(first.getIDToken(), nonce).getSubject().getValue())
        .isEqualTo("olga");
    assertThat(statusOfFirmwareFor(first)).isEqualTo(200);
    OIDCTokens second = tokensFor(new RefreshTokenGrant(first.getRefreshToken()));
    assertThat(validator().validate(second.getIDToken(), null).getSubject().getValue())
        .isEqualTo("olga");
    assertThat(statusOfFirmwareFor(second)).isEqualTo(200);
  }

  @Test
  void theMetadataNamesOnlyWhatTheIssuerDoes() {
    assertThat(metadata.getCodeChallengeMethods()).containsExactly(CodeChallengeMethod.S256);
    assertThat(metadata.getResponseTypes()).containsExactly(ResponseType.CODE);
    assertThat(metadata.supportsRequestURIParam()).isFalse();
    assertThat(metadata.getScopes()).containsAll(SCOPE);
    assertThat(metadata.getUserInfoEndpointURI()).isNull();
  }

  @Test
  void nobodyIsSignedInWithoutThePage() throws Exception {
    URI asked = request().prompt(new Prompt(Prompt.Type.NONE)).build().toURI();
    HTTPRequest request = new HTTPRequest(HTTPRequest.Method.GET, asked);
    request.setFollowRedirects(false);
    AuthenticationErrorResponse answer =
        AuthenticationResponseParser.parse(request.send().getLocation()).toErrorResponse();
    assertThat(answer.getErrorObject().getCode()).isEqualTo("login_required");
    assertThat(answer.getState()).isEqualTo(state);
  }
}
