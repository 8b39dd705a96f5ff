package dev.vitrine.app.setting;

import picocli.CommandLine.Model.CommandSpec;

/** A mixin whose options are not written down, but derive from the settings of records. */
public interface DerivedOptions {
    /** Gives a command that has the mixin its options. */
    void declare(CommandSpec command);

    /** The same for all mixins of a command, and theirs. */
    static void declareAll(CommandSpec command) {
        declareAll(command, command);
    }

    private static void declareAll(CommandSpec command, CommandSpec part) {
        for (CommandSpec mixin : part.mixins().values()) {
            if (mixin.userObject() instanceof DerivedOptions derived) {
                derived.declare(command);
            }
            declareAll(command, mixin);
        }
    }
}
