/** What the demo shows: a small site, a video, a dynamic origin, and a viewer who times things. */
@NullMarked
package warmfront.app.demo;

import org.jspecify.annotations.NullMarked;
