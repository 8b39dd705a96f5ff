package dev.vitrine.study.where;

import java.util.List;

/**
 * Where a network looks over many pictures.
 *
 * @param pictures number explained
 * @param groups all pictures first, then the classes by size, largest first
 */
public record Looks(int pictures, List<WhereReport.Group> groups) {
    public Looks {
        groups = List.copyOf(groups);
    }
}
