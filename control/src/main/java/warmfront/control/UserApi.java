package warmfront.control;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import warmfront.control.api.Annex.Answer;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.Grants;
import warmfront.control.identity.UserRefused;
import warmfront.control.identity.Users;

/**
 * Users and their access keys: {@code /fleet/users} lists them with GET, {@code /fleet/users/NAME}
 * makes one with PUT, shows it with GET, changes what it may do or gives it a further key ({@code
 * key=new}) with POST, and removes it with DELETE; {@code /fleet/keys/ID} is changed with POST
 * ({@code state=active}, {@code state=inactive}) and removed with DELETE. What a user may do is the
 * body, a policy, and policies that come with the product ({@code policy=NAME}). A secret is in the
 * answer that made it, and nowhere else.
 */
final class UserApi {
  private final Users users;

  UserApi(Users users) {
    this.users = users;
  }

  /** Returns whether a path, by its first part, is for this API. */
  static boolean isMeant(String part) {
    return Set.of("users", "keys").contains(part);
  }

  /**
   * Answers a request about users.
   *
   * @param parts of the path, from {@code users} on
   * @param body a policy; empty for none
   * @throws IllegalArgumentException if it cannot be granted; says why
   */
  Answer users(String method, List<String> parts, Settings settings, String body) {
    try {
      return switch (method + parts.size()) {
        case "GET1" -> FleetApi.text(200, listed());
        case "GET2" ->
            users
                .find(parts.get(1))
                .map(user -> FleetApi.text(200, shown(user)))
                .orElseGet(() -> FleetApi.text(404, "there is no user " + parts.get(1)));
        case "PUT2" -> made(users.create(parts.get(1), grants(settings, body)));
        case "POST2" -> change(parts.get(1), settings, body);
        case "DELETE2" -> {
          users.delete(parts.get(1));
          yield FleetApi.text(200, "user %s is removed".formatted(parts.get(1)));
        }
        default ->
            FleetApi.text(
                405,
                "users are listed and shown with GET, made with PUT, changed with POST, removed"
                    + " with DELETE");
      };
    } catch (UserRefused refused) {
      return FleetApi.text(409, refused.reason());
    }
  }

  /**
   * Answers a request about keys.
   *
   * @param parts of the path, from {@code keys} on
   * @throws IllegalArgumentException if it says no state
   */
  Answer keys(String method, List<String> parts, Settings settings) {
    try {
      return switch (method + parts.size()) {
        case "POST2" -> change(parts.get(1), settings);
        case "DELETE2" -> {
          users.deleteKey(parts.get(1));
          yield FleetApi.text(200, "key %s is removed".formatted(parts.get(1)));
        }
        default -> FleetApi.text(405, "keys are changed with POST, removed with DELETE");
      };
    } catch (UserRefused refused) {
      return FleetApi.text(409, refused.reason());
    }
  }

  private Answer change(String name, Settings settings, String body) {
    String key = settings.text("key", "");
    if (key.isEmpty()) {
      users.grant(name, grants(settings, body));
      return FleetApi.text(200, "user %s is changed".formatted(name));
    }
    settings.refuseUnknown();
    if (!key.equals("new") || !body.isEmpty()) {
      throw new IllegalArgumentException("key is new, and comes alone");
    }
    return made(users.rotate(name));
  }

  private Answer change(String keyId, Settings settings) {
    String state = settings.required("state");
    settings.refuseUnknown();
    boolean active =
        switch (state) {
          case "active" -> true;
          case "inactive" -> false;
          default ->
              throw new IllegalArgumentException("state is active or inactive, not " + state);
        };
    users.set(keyId, active);
    return FleetApi.text(200, "key %s is %s".formatted(keyId, state));
  }

  private static Grants grants(Settings settings, String body) {
    List<String> named = settings.list("policy");
    settings.refuseUnknown();
    Grants grants = new Grants(named, Optional.of(body.strip()).filter(text -> !text.isEmpty()));
    if (grants.named().isEmpty() && grants.document().isEmpty()) {
      throw new IllegalArgumentException("say what the user may do: a policy, or one by name");
    }
    return grants;
  }

  private static Answer made(AccessKey key) {
    return FleetApi.text(
        200,
        "access-key-id      %s\nsecret-access-key  %s"
            .formatted(key.accessKeyId(), key.secretAccessKey()));
  }

  /** A line for each key, and one for each user without. */
  private String listed() {
    List<String> lines = new ArrayList<>();
    for (Users.User user : users.all()) {
      String granted = granted(user.grants());
      user.keys()
          .forEach(key -> lines.add("%s  %s  %s".formatted(user.name(), line(key), granted)));
      if (user.keys().isEmpty()) {
        lines.add("%s  no key  %s".formatted(user.name(), granted));
      }
    }
    return String.join("\n", lines);
  }

  private static String granted(Grants grants) {
    List<String> granted = new ArrayList<>(grants.named());
    grants.document().ifPresent(_ -> granted.add("own policy"));
    return String.join(", ", granted);
  }

  private static String line(Users.Key key) {
    return "%s  %s  %s"
        .formatted(
            key.id(),
            key.active() ? "active" : "inactive",
            key.created().atOffset(ZoneOffset.UTC).toLocalDate());
  }

  private static String shown(Users.User user) {
    List<String> lines = new ArrayList<>();
    lines.add("user    " + user.name());
    user.keys().forEach(key -> lines.add("key     " + line(key)));
    user.grants().named().forEach(name -> lines.add("policy  " + name));
    user.grants().document().ifPresent(json -> lines.add("policy  " + json));
    return String.join("\n", lines);
  }
}
