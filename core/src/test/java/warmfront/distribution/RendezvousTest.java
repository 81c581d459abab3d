package warmfront.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RendezvousTest {
  private static final int KEYS = 20_000;

  /** A node with its weight. */
  private record Node(String name, int weight) {}

  @Test
  void shares_are_in_proportion_to_weights() {
    List<Node> nodes = List.of(new Node("big", 3), new Node("small", 1));
    int heavy = 0;
    for (int key = 0; key < KEYS; key++) {
      heavy += winner(nodes, key).equals("big") ? 1 : 0;
    }

    assertThat(heavy / (double) KEYS).isBetween(0.735, 0.765);
  }

  @Test
  void a_node_that_comes_or_goes_moves_only_its_own_share() {
    for (long seed = 1; seed <= 20; seed++) {
      var random = new SplittableRandom(seed);
      List<Node> few = new ArrayList<>();
      for (int i = random.nextInt(1, 9); i > 0; i--) {
        few.add(new Node("edge-" + random.nextInt(1000) + "-" + i, random.nextInt(1, 256)));
      }
      Node added = new Node("added", random.nextInt(1, 256));
      List<Node> more = new ArrayList<>(few);
      more.add(random.nextInt(few.size() + 1), added);
      int moved = 0;
      for (int key = 0; key < KEYS; key++) {
        String before = winner(few, key);
        String after = winner(more, key);
        moved += after.equals(before) ? 0 : 1;
        assertThat(after).as("seed %d, key %d", seed, key).isIn(before, added.name());
      }
      double share = added.weight() / (double) more.stream().mapToInt(Node::weight).sum();
      assertThat(moved / (double) KEYS).as("seed %d", seed).isBetween(share - 0.015, share + 0.015);
    }
  }

  private static String winner(List<Node> nodes, int number) {
    long key = Rendezvous.hash(("/object/" + number).getBytes(StandardCharsets.UTF_8));
    String best = "";
    double most = 0;
    for (Node node : nodes) {
      double score = Rendezvous.score(key, Rendezvous.hash(node.name()), node.weight());
      if (score > most) {
        most = score;
        best = node.name();
      }
    }
    return best;
  }
}
