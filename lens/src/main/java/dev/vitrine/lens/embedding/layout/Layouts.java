package dev.vitrine.lens.embedding.layout;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.embedding.tsne.Tsne;
import dev.vitrine.lens.embedding.umap.Umap;
import java.util.List;
import java.util.stream.Collectors;

/** All layouts with their default settings. To add one: its record, and a line here. */
public final class Layouts {
    public static final List<Layout> ALL =
            List.of(new PcaLayout(Pca.Scaling.NONE), new LdaLayout(0), Tsne.USUAL, Umap.USUAL);

    private Layouts() {}

    public static Layout find(String id) {
        return ALL.stream()
                .filter(layout -> layout.id().equals(id))
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("Found the method '" + id + "'; expected one of "
                        + ALL.stream().map(Layout::id).collect(Collectors.joining(", ")) + "."));
    }
}
