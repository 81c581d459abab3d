package warmfront.control.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/** All tests of the class run on SQLite, and then all of them on PostgreSQL. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(OnBothDatabases.Each.class)
public @interface OnBothDatabases {
  /** Gives each database its turn. */
  final class Each implements ClassTemplateInvocationContextProvider {
    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
        ExtensionContext context) {
      return Stream.of(Kept.values()).map(On::new);
    }
  }

  /**
   * A turn.
   *
   * @param kept whose it is
   */
  record On(Kept kept) implements ClassTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return kept.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(
          (BeforeClassTemplateInvocationCallback) _ -> Kept.choose(Optional.of(kept)),
          (AfterClassTemplateInvocationCallback) _ -> Kept.choose(Optional.empty()));
    }
  }
}
