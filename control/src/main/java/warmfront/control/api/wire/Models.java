package warmfront.control.api.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontRequest;

/** Finds the model's classes by their names in the API's description. */
public final class Models {
  private Models() {}

  /**
   * Returns what makes empty builders of a class.
   *
   * @param name its name ({@code GetKeyGroupRequest})
   * @throws IllegalArgumentException if the model has no such class
   */
  public static Supplier<SdkPojo> builder(String name) {
    try {
      // The classes spell this one abbreviation as a word.
      String simple = name.replace("WebACL", "WebAcl");
      Class<?> model = Class.forName(CloudFrontRequest.class.getPackageName() + "." + simple);
      Class<?> builder = Class.forName(model.getName() + "$Builder");
      MethodHandle make =
          MethodHandles.publicLookup()
              .findStatic(model, "builder", MethodType.methodType(builder))
              .asType(MethodType.methodType(SdkPojo.class));
      return () -> make(make);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("the model has no class " + name, e);
    }
  }

  private static SdkPojo make(MethodHandle builder) {
    try {
      return (SdkPojo) builder.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a builder threw a checked exception", e);
    }
  }
}
