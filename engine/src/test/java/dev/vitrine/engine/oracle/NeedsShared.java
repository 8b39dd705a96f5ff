package dev.vitrine.engine.oracle;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests of trained networks or files that only the shared folder has: skipped as one where it is missing. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsShared.SharedFolder.class)
public @interface NeedsShared {
    /** Whether the shared folder is there. */
    final class SharedFolder implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return TestData.shared().resolve("models").toFile().isDirectory()
                    ? ConditionEvaluationResult.enabled("the shared folder is there")
                    : ConditionEvaluationResult.disabled("skipped: there is no folder " + TestData.shared());
        }
    }
}
