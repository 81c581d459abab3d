/**
 * What tools ask of AWS beside CloudFront's API, on its port: who they are (STS), and what is
 * tagged (Resource Groups Tagging API).
 */
@NullMarked
package warmfront.control.api.account;

import org.jspecify.annotations.NullMarked;
