package dev.vitrine.study.attack.folder;

import java.util.List;

/** Attacked pictures, in order. */
public record AttackedRows(List<AttackedRow> rows) {
    public AttackedRows {
        rows = List.copyOf(rows);
    }
}
