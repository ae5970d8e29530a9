package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.internal.config.Node.Entry;
import dev.myrmidon.engine.internal.config.Node.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLSchema;

/// Makes a tree of YAML text. Of YAML it takes mappings, lists and plain values; anchors, aliases, tags, duplicate
/// keys and further documents are mistakes.
final class YamlTree {
    /// Four would do for every key there is.
    private static final int DEEPEST = 16;

    private final JsonParser parser;
    private final Findings findings;

    private YamlTree(JsonParser parser, Findings findings) {
        this.parser = parser;
        this.findings = findings;
    }

    /// The tree; null if the text has nothing but comments. After a mistake in the syntax there is nothing to go
    /// on with, so that comes alone.
    static @Nullable Node read(String text, Findings findings) {
        YAMLFactory factory = YAMLFactory.builder()
                .yamlSchema(
                        YAMLSchema.CORE) // true, True and TRUE are booleans, yes and no are not; null and ~ are nothing
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNameLength(
                                ConfigText.MOST_BYTES) // the size of the whole is bounded, so no other bound is needed
                        .maxNumberLength(ConfigText.MOST_BYTES)
                        .build())
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            return new YamlTree(parser, findings).documentOrMistake();
        }
    }

    private @Nullable Node documentOrMistake() {
        try {
            return document();
        } catch (StreamConstraintsException e) {
            findings.mistake(place(), "nested too deeply: more than " + DEEPEST + " levels");
        } catch (JacksonException e) {
            YamlSyntax.report(e, place(), findings);
        }
        return new Node.Unusable(Place.START);
    }

    private @Nullable Node document() {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return null;
        }
        Node root = node(first);
        if (parser.nextToken() != null) {
            findings.mistake(place(), "a second document starts here; a configuration is one document");
        }
        return root;
    }

    private Node node(JsonToken token) {
        Place place = place();
        boolean refused = refuseAnchorsAndTags(place);
        Node node = switch (token) {
            case START_OBJECT -> mapping(place, refused);
            case START_ARRAY -> sequence(place);
            case VALUE_NULL -> new Node.Scalar(place, Kind.NOTHING, parser.getString());
            case VALUE_TRUE, VALUE_FALSE -> new Node.Scalar(place, Kind.BOOLEAN, parser.getString());
            case VALUE_NUMBER_INT -> new Node.Scalar(place, Kind.INTEGER, parser.getString());
            case VALUE_NUMBER_FLOAT -> new Node.Scalar(place, Kind.FLOAT, parser.getString());
            case VALUE_STRING -> new Node.Scalar(place, Kind.STRING, parser.getString());
            default -> throw new IllegalStateException("unexpected " + token + " at " + place);
        };
        return refused ? new Node.Unusable(place) : node;
    }

    /// @param refused if the mapping's own anchor was refused: the parser shows it at the first key once more
    private Node mapping(Place place, boolean refused) {
        List<Entry> entries = new ArrayList<>();
        Map<String, Place> known = new HashMap<>();
        boolean shownAlready = refused;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            Place keyPlace = place();
            if (!shownAlready) {
                refuseAnchorsAndTags(keyPlace);
            }
            shownAlready = false;
            Place before = known.putIfAbsent(key, keyPlace);
            Node value = node(parser.nextToken());
            if (before == null) {
                entries.add(new Entry(key, keyPlace, value));
            } else {
                findings.mistake(
                        keyPlace, "the key " + Shown.quoted(key) + " stands here already, in line " + before.line());
            }
        }
        return new Node.Mapping(place, List.copyOf(entries));
    }

    private Node sequence(Place place) {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            node(token);
        }
        return new Node.Sequence(place);
    }

    /// The parser hides an anchor at a single value. That changes nothing: whatever refers to it is refused.
    private boolean refuseAnchorsAndTags(Place place) {
        YAMLParser yaml = (YAMLParser) parser;
        if (yaml.isCurrentAlias() || yaml.getObjectId() != null) {
            findings.mistake(place, YamlSyntax.NO_ANCHORS);
            return true;
        }
        if (yaml.getTypeId() != null) {
            findings.mistake(place, "tags are not supported here");
            return true;
        }
        return false;
    }

    private Place place() {
        TokenStreamLocation location = parser.currentTokenLocation();
        // Before the first token there is no place yet.
        return location.getLineNr() < 1 ? Place.START : new Place(location.getLineNr(), location.getColumnNr());
    }
}
