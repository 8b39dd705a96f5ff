package dev.vitrine.study.robustness;

import java.util.List;

/** Networks on the same corrupted pictures, in the order in which they were asked for. */
public record RobustnessTable(List<Robustness> networks) {
    public RobustnessTable {
        networks = List.copyOf(networks);
    }
}
