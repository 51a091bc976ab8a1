package io.fleetwell.authorizer;

import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.auth.Principal.Kind;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which caller a genuine token of an issuer makes.
 *
 * <p>A group counts only in a token for the console, or of a listed client: in the token of a consumer app, a member of the
 * staff is a user like any other.
 *
 * @param audiences a token must have one of them in {@code aud}, or in {@code client_id} if it has no {@code aud}, like
 *     Cognito's access tokens
 * @param kinds the kinds of caller that the issuer may make; a token for another kind is refused
 * @param operatorClients the clients whose tokens may be of operators; empty if the scope alone decides
 * @param operatorSubjects the {@code sub} of tokens of operators that have neither scopes nor groups, such as those of build
 *     servers
 * @param groupsClaim the claim with the groups
 */
record IssuerPolicy(
    Set<String> audiences,
    Set<Kind> kinds,
    Set<String> operatorClients,
    Set<String> operatorSubjects,
    String groupsClaim) {
  static final String OPERATOR_SCOPE = "fleet/operator";
  static final String DEVICE_SCOPE = "fleet/device";
  static final String CONSOLE_SCOPE = "fleet/console";
  static final String OPERATORS = "operators";
  static final String SUPPORT = "support";
  static final String DEFAULT_GROUPS_CLAIM = "cognito:groups";

  IssuerPolicy {
    audiences = Set.copyOf(audiences);
    kinds = Set.copyOf(kinds);
    operatorClients = Set.copyOf(operatorClients);
    operatorSubjects = Set.copyOf(operatorSubjects);
  }

  /** Every kind of caller, by scopes and groups. */
  static IssuerPolicy of(Set<String> audiences) {
    return new IssuerPolicy(
        audiences, EnumSet.allOf(Kind.class), Set.of(), Set.of(), DEFAULT_GROUPS_CLAIM);
  }

  /** The kind of caller that a token claims. */
  Kind kindOf(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = scopesOf(claims);
    Set<String> groups = groupsOf(claims);
    boolean isListed = clientOf(claims).filter(operatorClients::contains).isPresent();
    if (scopes.contains(OPERATOR_SCOPE) && (operatorClients.isEmpty() || isListed)) {
      return Kind.OPERATOR;
    }
    if (scopes.contains(CONSOLE_SCOPE) || isListed) {
      if (groups.contains(OPERATORS)) {
        return Kind.OPERATOR;
      }
      if (groups.contains(SUPPORT)) {
        return Kind.SUPPORT;
      }
    }
    if (scopes.contains(DEVICE_SCOPE)) {
      return Kind.DEVICE;
    }
    return scopes.isEmpty() && groups.isEmpty() && isOperatorSubject(claims.getSubject())
        ? Kind.OPERATOR
        : Kind.USER;
  }

  private boolean isOperatorSubject(@Nullable String subject) {
    return subject != null && operatorSubjects.contains(subject);
  }

  boolean admitsAudienceOf(JWTClaimsSet claims) throws ParseException {
    // The client counts only if there is no audience; an audience decides alone (RFC 7519, 4.1.3).
    String clientId = claims.getStringClaim("client_id");
    List<String> audience = claims.getAudience();
    return audience.isEmpty()
        ? clientId != null && audiences.contains(clientId)
        : audience.stream().anyMatch(audiences::contains);
  }

  /** RFC 9068 (2.2) names the client in {@code client_id}. Others do in {@code azp}. */
  private static Optional<String> clientOf(JWTClaimsSet claims) throws ParseException {
    String clientId = claims.getStringClaim("client_id");
    return Optional.ofNullable(clientId != null ? clientId : claims.getStringClaim("azp"));
  }

  /** {@code scope} is a string with spaces (RFC 8693, 4.2). Some issuers send {@code scp} instead, often as a list. */
  private static Set<String> scopesOf(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = new HashSet<>();
    for (String name : List.of("scope", "scp")) {
      if (claims.getClaim(name) instanceof String text) {
        scopes.addAll(List.of(text.split(" ")));
      } else {
        scopes.addAll(texts(claims, name));
      }
    }
    scopes.remove("");
    return scopes;
  }

  /** A text is one group, also if it contains spaces or commas. */
  private Set<String> groupsOf(JWTClaimsSet claims) throws ParseException {
    return claims.getClaim(groupsClaim) instanceof String group
        ? Set.of(group)
        : new HashSet<>(texts(claims, groupsClaim));
  }

  private static List<String> texts(JWTClaimsSet claims, String name) throws ParseException {
    List<String> texts = claims.getStringListClaim(name);
    return texts == null ? List.of() : texts;
  }
}
