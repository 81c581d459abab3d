package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * Public keys any of which may have signed.
 *
 * @param id the id
 * @param keyIds their ids, at least one
 */
public record KeyGroup(String id, List<String> keyIds) implements Resource {
  public KeyGroup {
    keyIds = List.copyOf(keyIds);
    if (keyIds.isEmpty()) {
      throw new IllegalArgumentException("a key group has a key: " + id);
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.PUBLIC_KEYS);
  }
}
