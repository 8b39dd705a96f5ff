package dev.vitrine.study.explanation;

import dev.vitrine.study.page.ExplanationPage.Bar;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Explanations of pictures; the maps themselves are in files.
 *
 * @param leftOut methods without results, by id, with the reasons
 * @param pages file names within the output folder
 */
public record Explanations(List<Subject> pictures, Map<String, String> leftOut, List<String> pages) {
    public Explanations {
        pictures = List.copyOf(pictures);
        leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
        pages = List.copyOf(pages);
    }

    /** File names of the pages. */
    public List<Path> pages(Path folder) {
        return pages.stream().map(folder::resolve).toList();
    }

    /**
     * One picture.
     *
     * @param top the most likely classes, most likely first
     * @param boxes detected for the classes
     * @param files names within the output folder
     * @param notes on maps that are zero everywhere
     */
    public record Subject(String name, List<Bar> top, List<String> boxes, List<String> files, List<String> notes) {
        public Subject {
            top = List.copyOf(top);
            boxes = List.copyOf(boxes);
            files = List.copyOf(files);
            notes = List.copyOf(notes);
        }
    }
}
