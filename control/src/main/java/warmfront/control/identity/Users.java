package warmfront.control.identity;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * The users of the account and their access keys, kept as rows: users with what they are granted,
 * keys with their secrets, both sealed as all rows are. Thread-safe.
 */
public final class Users {
  /** Most users. */
  static final int USERS_MAX = 1_000;

  /** Most keys of a user: as many as an exchange needs (IAM's quota). */
  static final int KEYS_MAX = 2;

  static final String USER = "user";
  static final String KEY = "access-key";

  /** The status of keys that may be used. */
  static final String ACTIVE = "Active";

  private static final String INACTIVE = "Inactive";
  private static final String CHANGES = "user-changes";
  private static final String LATEST = "latest";
  private static final int ID_CHARACTERS = 17;

  /** IAM's, but for names that look like a key's id. */
  private static final Pattern NAME = Pattern.compile("(?!AKIA)[A-Za-z0-9_+=,.@-]{1,64}");

  private final Store store;
  private final Clock clock;
  private final SecureRandom random;
  private final Runnable changed;

  /**
   * A key, without its secret.
   *
   * @param id its id
   * @param active whether it may be used
   * @param created when it was made
   */
  public record Key(String id, boolean active, Instant created) {}

  /**
   * A user.
   *
   * @param name its name
   * @param grants what it is granted
   * @param keys the oldest first
   */
  public record User(String name, Grants grants, List<Key> keys) {
    public User {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Makes the register.
   *
   * @param changed is called after each change that is made here
   */
  public Users(Store store, Clock clock, SecureRandom random, Runnable changed) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.changed = changed;
  }

  /** Returns all users, the oldest first. */
  public List<User> all() {
    return store.read(tx -> tx.withStatus(USER, "").stream().map(row -> user(tx, row)).toList());
  }

  /** Returns the user of this name. */
  public Optional<User> find(String name) {
    return store.read(tx -> tx.find(USER, name).map(row -> user(tx, row)));
  }

  /**
   * Adds a user with a first key.
   *
   * @throws UserRefused if there is one of this name, or the name is none
   */
  public AccessKey create(String name, Grants grants) {
    if (!NAME.matcher(name).matches()) {
      throw new UserRefused("a name has 1 to 64 letters, digits and _+=,.@-, not " + name);
    }
    return change(tx -> {
      if (tx.find(USER, name).isPresent()) {
        throw new UserRefused("there is a user %s already".formatted(name));
      }
      if (tx.count(USER, "") >= USERS_MAX) {
        throw new UserRefused("there are %d users".formatted(USERS_MAX));
      }
      String id = "AIDA" + AccessKeys.characters(ID_CHARACTERS, random);
      tx.insert(new Row(USER, name, "", "", id, clock.now(), clock.now(), 0, grants.text()));
      return newKey(tx, name);
    });
  }

  /**
   * Has a user granted this and nothing else from now on.
   *
   * @throws UserRefused if there is no such user
   */
  public void grant(String name, Grants grants) {
    run(tx -> {
      Row row = required(tx, name);
      tx.update(
          new Row(USER, name, "", "", row.etag(), row.created(), clock.now(), 0, grants.text()));
    });
  }

  /**
   * Gives a user a further key.
   *
   * @throws UserRefused if there is no such user, or it has as many as it may
   */
  public AccessKey rotate(String name) {
    return change(tx -> {
      required(tx, name);
      return newKey(tx, name);
    });
  }

  /**
   * Says whether a key may be used.
   *
   * @throws UserRefused if no user has it
   */
  public void set(String keyId, boolean active) {
    run(tx -> tx.update(requiredKey(tx, keyId).withStatus(active ? ACTIVE : INACTIVE)));
  }

  /**
   * Removes a key.
   *
   * @throws UserRefused if no user has it
   */
  public void deleteKey(String keyId) {
    run(tx -> tx.delete(KEY, requiredKey(tx, keyId).id()));
  }

  /**
   * Removes a user with its keys.
   *
   * @throws UserRefused if there is no such user
   */
  public void delete(String name) {
    run(tx -> {
      required(tx, name);
      keys(tx, name).forEach(key -> tx.delete(KEY, key.id()));
      tx.delete(USER, name);
    });
  }

  private AccessKey newKey(Transaction tx, String name) {
    if (tx.count(KEY, name) >= KEYS_MAX) {
      throw new UserRefused("%s has %d keys; delete one of them first".formatted(name, KEYS_MAX));
    }
    AccessKey key = AccessKeys.fresh(random);
    Instant now = clock.now();
    tx.insert(
        new Row(KEY, key.accessKeyId(), name, ACTIVE, "", now, now, 0, key.secretAccessKey()));
    return key;
  }

  private static Row required(Transaction tx, String name) {
    return tx.find(USER, name).orElseThrow(() -> new UserRefused("there is no user " + name));
  }

  private static Row requiredKey(Transaction tx, String keyId) {
    return tx.find(KEY, keyId).orElseThrow(() -> new UserRefused("no user has the key " + keyId));
  }

  private static List<Row> keys(Transaction tx, String name) {
    return tx.page(KEY, name, Optional.empty(), KEYS_MAX);
  }

  private static User user(Transaction tx, Row row) {
    List<Key> keys = new ArrayList<>();
    for (Row key : keys(tx, row.id()).reversed()) {
      keys.add(new Key(key.id(), key.status().equals(ACTIVE), key.created()));
    }
    return new User(row.id(), Grants.of(row.body()), keys);
  }

  private void run(Consumer<Transaction> work) {
    boolean _ =
        change(tx -> {
          work.accept(tx);
          return true;
        });
  }

  /** Changes something, and what tells other processes that something changed. */
  private <T> T change(Function<Transaction, T> work) {
    T made =
        store.write(tx -> {
          T result = work.apply(tx);
          long next = changes(tx) + 1;
          Instant now = clock.now();
          Row row = new Row(CHANGES, LATEST, "", "", Long.toString(next), now, now, 0, "");
          if (next == 1) {
            tx.insert(row);
          } else {
            tx.update(row);
          }
          return result;
        });
    changed.run();
    return made;
  }

  /** Returns how often users or keys were changed. */
  static long changes(Transaction tx) {
    return tx.find(CHANGES, LATEST).map(row -> Long.parseLong(row.etag())).orElse(0L);
  }
}
