package dev.vitrine.app.setting;

import picocli.CommandLine.Model.CommandSpec;

/** A mixin whose options are not written down, but derive from the settings of records. */
public interface DerivedOptions {
    /** Gives a command that has the mixin its options. */
    void declare(CommandSpec command);

    /** The same for all mixins of a command. */
    static void declareAll(CommandSpec command) {
        command.mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(DerivedOptions.class::isInstance)
                .map(DerivedOptions.class::cast)
                .forEach(mixin -> mixin.declare(command));
    }
}
