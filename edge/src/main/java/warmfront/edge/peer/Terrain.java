package warmfront.edge.peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.Server;
import warmfront.distribution.ShieldRegion;
import warmfront.snapshot.Snapshot;

/**
 * Which locations lie before origins, as the register has it. Every edge finds the same. Immutable.
 */
public final class Terrain {
  private final Map<String, String> parents;
  private final Map<String, String> shields;
  private final Set<String> edges;

  private Terrain(Map<String, String> parents, Map<String, String> shields, Set<String> edges) {
    this.parents = Map.copyOf(parents);
    this.shields = Map.copyOf(shields);
    this.edges = Set.copyOf(edges);
  }

  /** Reads a picture. */
  public static Terrain of(Snapshot picture) {
    Set<String> edges = new HashSet<>();
    Set<String> served = new HashSet<>();
    for (Server server : picture.all(Kind.SERVER, Server.class)) {
      if (server.role() == Server.Role.EDGE && server.state() != Server.State.REVOKED) {
        edges.add(server.id());
        if (server.state() == Server.State.ACTIVE) {
          served.add(server.location());
        }
      }
    }
    Map<String, String> parents = new HashMap<>();
    List<Location> candidates = new ArrayList<>();
    for (Location location : picture.all(Kind.LOCATION, Location.class)) {
      location.parent().ifPresent(parent -> parents.put(location.id(), parent));
      if (served.contains(location.id())) {
        candidates.add(location);
      }
    }
    Map<String, String> shields = new HashMap<>();
    for (String name : ShieldRegion.names()) {
      ShieldRegion.named(name)
          .flatMap(region -> region.nearest(candidates))
          .ifPresent(location -> shields.put(name, location.id()));
    }
    return new Terrain(parents, shields, edges);
  }

  /** Returns the location whose cache another one asks before the origin. */
  public Optional<String> parent(String location) {
    return Optional.ofNullable(parents.get(location));
  }

  /**
   * Returns the location that is the Origin Shield of a region: the nearest that has a server which
   * is active.
   */
  public Optional<String> shield(String region) {
    return Optional.ofNullable(shields.get(region));
  }

  /** Returns whether this is the id of an edge of the fleet. */
  public boolean isEdge(String id) {
    return edges.contains(id);
  }
}
