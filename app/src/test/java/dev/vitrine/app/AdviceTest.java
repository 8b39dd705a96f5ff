package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What messages advise exists: every option that a command's own texts name is one of that command. */
class AdviceTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w(-])--[a-z][a-z0-9-]*[a-z0-9]");
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern OTHER_COMMAND = Pattern.compile("(?:vitrine |List\\.of\\(\")([a-z]+(?:-[a-z]+)*)\\b");

    /** Options of other programs. */
    private static final Set<String> FOREIGN = Set.of("--saved-model", "--tflite", "--graphdef", "--no-such");

    /** Commands with subcommands. */
    private static final Map<String, List<List<String>>> COMMANDS_OF = Map.of(
            "words", List.of(List.of("words", "train"), List.of("words", "neighbors"), List.of("words", "analogy")));

    private final Map<String, Set<String>> options = new HashMap<>();

    /** Of a command and its subcommands, as their help lists them. */
    private Set<String> options(String command) {
        return options.computeIfAbsent(command, name -> {
            Set<String> found = new TreeSet<>();
            for (List<String> words : COMMANDS_OF.getOrDefault(name, List.of(List.of(name)))) {
                List<String> asked = new ArrayList<>(words);
                asked.add("--help");
                OPTION.matcher(Shell.vitrine(asked.toArray(String[]::new))
                                .succeeds()
                                .out())
                        .results()
                        .map(MatchResult::group)
                        .forEach(found::add);
            }
            return found;
        });
    }

    private static List<String> commands() {
        Matcher names = Pattern.compile("(?m)^  ([a-z]+(?:-[a-z]+)*) {2,}")
                .matcher(Shell.vitrine("--help").out());
        return names.results().map(found -> found.group(1)).toList();
    }

    @Test
    void optionsThatMessagesNameExist() throws IOException {
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThan(25);
        Set<String> any = commands.stream()
                .flatMap(command -> options(command).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> wrong = new ArrayList<>();
        for (String root : List.of("../app", "../lens", "../vision", "../engine")) {
            try (Stream<Path> files = Files.walk(Path.of(root, "src/main/java"))) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".java")).toList()) {
                    check(file, commands, any, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void check(Path file, List<String> commands, Set<String> any, List<String> wrong) throws IOException {
        String name = file.getFileName().toString();
        String own = commands.stream()
                .filter(command -> name.equalsIgnoreCase(command.replace("-", "") + "Command.java"))
                .findFirst()
                .orElse("");
        String source = Files.readString(file);
        for (MatchResult text : TEXT.matcher(source).results().toList()) {
            for (MatchResult option : OPTION.matcher(text.group()).results().toList()) {
                int start = text.start() + option.start();
                // A message may be put together of several texts.
                boolean alone = text.group().equals('"' + option.group() + '"');
                String before = alone ? "" : source.substring(Math.max(0, start - 250), start);
                String asked = OTHER_COMMAND
                        .matcher(before)
                        .results()
                        .map(found -> found.group(1))
                        .filter(commands::contains)
                        .reduce((first, last) -> last)
                        .orElse(own);
                Set<String> known = commands.contains(asked) ? options(asked) : any;
                // The demo asks explain.
                boolean passedOn = own.equals("demo");
                if (!passedOn && !known.contains(option.group()) && !FOREIGN.contains(option.group())) {
                    wrong.add(name + ": " + asked + " " + option.group() + " in " + text.group());
                }
            }
        }
    }
}
