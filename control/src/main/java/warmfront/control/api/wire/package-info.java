/**
 * The API's form on the wire: facts of its operations and shapes, routes, XML, constraints, errors.
 *
 * <p>Every model class carries the metadata of its members (names, locations, list elements), so
 * one codec reads and writes all operations. What the classes do not carry (verbs, statuses,
 * required members, enumerations, ranges) is in {@code facts.txt}, and one validator obeys it.
 */
@NullMarked
package warmfront.control.api.wire;

import org.jspecify.annotations.NullMarked;
