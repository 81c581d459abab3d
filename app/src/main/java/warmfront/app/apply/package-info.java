/**
 * Makes what a CloudFormation template describes, by the API and S3 of a running Warmfront.
 *
 * <p>A template is read ({@link TemplateReader}, {@link Template}), its functions are evaluated
 * ({@link Evaluation}), properties become requests of the API by the model's own names ({@link
 * Shaping}, {@link Kind}), and what a stack has is compared and changed in the order of its
 * references ({@link Stack}), with a file that remembers it ({@link StackFile}).
 */
@NullMarked
package warmfront.app.apply;

import org.jspecify.annotations.NullMarked;
