package warmfront.control.store;

import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;

/** A process that writes until it is killed and says which revision is acknowledged. */
final class WritesForever {
  private WritesForever() {}

  public static void main(String[] arguments) {
    try (Store store = Store.open(arguments[0], new SecretKeySpec(new byte[32], "AES"))) {
      while (true) {
        long revision =
            store.write(transaction -> {
              String id = "E" + transaction.head();
              transaction.claim("reference", id, id);
              return transaction.append(
                  Kind.PUBLICATION,
                  id,
                  Optional.of(
                      new Publication(
                          id, "d1.example", true, List.of(), false, Publication.Terms.USUAL)));
            });
        System.out.println(revision);
        System.out.flush();
      }
    }
  }
}
