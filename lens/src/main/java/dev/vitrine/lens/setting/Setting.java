package dev.vitrine.lens.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a record component as a user setting. Command-line options, their checks and help, tables in
 * the manual and provenance derive from it. The component's name in kebab-case is the setting's name unless it has another;
 * its standard value is the one in the record that a list such as {@code Attributions} holds.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
    /** Its name, if different from the component's name. */
    String name() default "";

    /** Its meaning: a phrase that begins in lower case, such as {@code noisy copies of the picture}. */
    String meaning();

    /** Placeholder of the value in help, such as {@code PIXELS}. */
    String label() default "N";

    /** Smallest allowed value. */
    double least() default Double.NEGATIVE_INFINITY;

    /** Largest allowed value. */
    double most() default Double.POSITIVE_INFINITY;

    /** Values must be larger. */
    double above() default Double.NEGATIVE_INFINITY;

    /** Values must be smaller. */
    double below() default Double.POSITIVE_INFINITY;

    /** Default of an optional setting, in words. */
    String otherwise() default "";
}
