<?php
// SPDX-License-Identifier: Apache-2.0
// README.md tells what it answers.
ini_set('display_errors', '0');
ini_set('log_errors', '1');
$path = $_SERVER['PATH_INFO'] ?? '/';
$query = $_SERVER['QUERY_STRING'] ?? '';
$method = $_SERVER['REQUEST_METHOD'];
file_put_contents(__DIR__ . '/seen.log', "$method $path" . ($query === '' ? '' : "?$query") . "\n", FILE_APPEND);

header('Access-Control-Allow-Origin: ' . ($_SERVER['HTTP_ORIGIN'] ?? '*'));
header('Access-Control-Allow-Credentials: true');
header('Access-Control-Expose-Headers: X-App');
if ($method === 'OPTIONS') {
    header('Access-Control-Allow-Methods: GET, POST, PUT, DELETE');
    header('Access-Control-Allow-Headers: ' . ($_SERVER['HTTP_ACCESS_CONTROL_REQUEST_HEADERS'] ?? ''));
    header('Access-Control-Max-Age: 86400');
    exit;
}
header('X-App: php');

switch ($path) {
    case '/data':
        setcookie('session', 'one', ['path' => '/', 'httponly' => true]);
        setcookie('theme', 'dark');
        header('Vary: Accept-Language');
        if ($method === 'DELETE') {
            http_response_code(204);
            break;
        }
        header('ETag: "v1"');
        if (($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === '"v1"') {
            http_response_code(304);
            break;
        }
        if ($method === 'POST') {
            http_response_code(201);
        }
        header('Content-Type: application/json');
        echo json_encode(['cookie' => $_SERVER['HTTP_COOKIE'] ?? '', 'body' => file_get_contents('php://input')]);
        break;
    case '/twice':
        header('Access-Control-Allow-Origin: https://second.example', false);
        echo 'twice';
        break;
    case '/throw':
        throw new Exception('nobody catches this');
    case '/stream':
        header('Content-Type: text/plain');
        while (ob_get_level()) {
            ob_end_flush();
        }
        echo 'first';
        flush();
        while (!file_exists(__DIR__ . '/gate')) {
            usleep(10000);
            clearstatcache();
        }
        echo 'last';
        break;
    case '/cached':
        header('Cache-Control: public, max-age=600');
        header('ETag: "c1"');
        if (($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === '"c1"') {
            http_response_code(304);
            break;
        }
        echo 'cached';
        break;
    default:
        http_response_code(404);
        echo 'no such page';
}
